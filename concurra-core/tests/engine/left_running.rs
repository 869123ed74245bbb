//! Commands that leave processes in the background, which hold the commands' output.

use std::process::Command;
use std::time::Duration;

use concurra_core::{CommandOutput, Outcome, Report, Runner};

use crate::leftovers::{ends, lives};
use crate::support::{WIDTHS, run};

const WARNING: &str = "a process that it started goes on and still holds its output, of which \
                       nothing more is read; redirect the output of processes in the background, \
                       as in `server >server.log 2>&1 &`";

/// Writes for ever.
const ENDLESS: &str = "while echo y; do sleep 0.01; done";

/// The number that a command has written last.
fn last_number(report: &Report, task: &str) -> u32 {
    let output = report[task].result::<CommandOutput>().expect("a command");
    let text = output.stdout.as_str().into_owned();
    text.lines().last().and_then(|line| line.parse().ok()).expect("a number")
}

fn kill(process: u32) {
    let killed = Command::new("kill").args(["-KILL", &process.to_string()]).status();
    assert!(killed.expect("`kill`").success());
}

#[test]
fn a_command_is_over_when_it_exits() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        let all = [("both", ""), ("only stdout", "2>/dev/null"), ("only stderr", ">/dev/null")];
        for (name, held) in all {
            runner.shell(name, format!("sleep 1000 {held} & echo hi; echo $!"));
            runner.add(format!("after {name}"), || ()).after([name]);
        }
        let words = ["sh", "-c", "sleep 1000 & echo $!; exit 3"];
        runner.command("fails", words);
        runner.shell("redirects", "sleep 1000 >/dev/null 2>&1 & echo $!");
        let report = run(runner);
        for (name, _) in all {
            assert_eq!(report[name].outcome(), Outcome::Passed, "{name}");
            let output = report[name].result::<CommandOutput>().expect("it passed");
            assert!(output.stdout.as_str().starts_with("hi\n"), "{output:?}");
            assert_eq!(report[name].warning().as_deref(), Some(WARNING), "{name}");
            assert_eq!(report[format!("after {name}").as_str()].outcome(), Outcome::Passed);
        }
        assert_eq!(report["fails"].outcome(), Outcome::Failed);
        assert_eq!(report["fails"].warning().as_deref(), Some(WARNING));
        assert_eq!(report["redirects"].warning(), None);
        assert!(report.to_string().contains(&format!("warning: both: {WARNING}")), "{report}");
        for name in all.map(|(name, _)| name).into_iter().chain(["fails", "redirects"]) {
            let sleeper = last_number(&report, name);
            assert!(lives(sleeper), "{name}: it ended with the run");
            kill(sleeper);
        }
    }
}

#[test]
fn a_background_process_that_writes_for_ever_is_not_waited_for() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        // The output is read for two seconds, but no longer than the command may take.
        runner.shell("limited", format!("{ENDLESS} & exit 0")).timeout(Duration::from_millis(1500));
        runner.shell("unlimited", format!("{ENDLESS} >&2 & echo $!"));
        let report = run(runner);
        for name in ["limited", "unlimited"] {
            assert_eq!(report[name].outcome(), Outcome::Passed, "{name}");
            assert_eq!(report[name].warning().as_deref(), Some(WARNING), "{name}");
        }
        // Nobody reads what it writes.
        assert!(ends(last_number(&report, "unlimited")));
    }
}
