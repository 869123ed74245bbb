//! What left the process group of its command ends with the command when that is made to end.

#![cfg(target_os = "linux")]

#[path = "support/leftovers.rs"]
mod leftovers;
#[path = "support/patience.rs"]
mod patience;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use std::{env, fs, process, thread};

use concurra_core::{Outcome, Runner, StopReason};

use leftovers::{ends, lives, number};
use patience::wait_for;

/// The folder in which a test's processes note their numbers.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = env::temp_dir().join(format!("concurra-strays-{test}-{}", process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn number(&self, file: &str) -> u32 {
        number(&self.0.join(file))
    }

    /// A runner whose commands run in the folder.
    fn runner<const N: usize>(&self, lines: [(&str, &str); N]) -> Runner {
        let mut runner = Runner::new().workers(N + 1);
        for (name, line) in lines {
            runner.shell(name, line).current_dir(&self.0);
        }
        runner
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if thread::panicking() {
            // What was to end is still there, and its numbers are its own.
            let all = "kill -s KILL $(cat *)";
            drop(Command::new("sh").args(["-c", all]).current_dir(&self.0).status());
        }
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn a_timeout_ends_what_left_its_group() {
    let folder = Folder::new("timeout");
    let report = folder
        .runner([
            ("stays", "setsid sh -c 'echo $$ > stays; exec sleep 1000' & wait"),
            // The shell is gone and the pipe is held.
            ("goes", "setsid sh -c 'echo $$ > goes; exec sleep 1000' &"),
            ("deaf", r#"setsid sh -c 'trap "" TERM; echo $$ > deaf; sleep 1000' & wait"#),
            (
                "deaf and mute",
                r#"setsid sh -c 'trap "" TERM; echo $$ > mute; sleep 1000' >/dev/null 2>&1 & wait"#,
            ),
            (
                "deaf in the group",
                r#"sh -c 'trap "" TERM; echo $$ > group; sleep 1000' >/dev/null 2>&1 & wait"#,
            ),
        ])
        .timeout(Duration::from_secs(3))
        .grace(Duration::from_millis(100))
        .run()
        .expect("a plan");
    assert!(report.tasks().iter().all(|task| task.outcome() == Outcome::TimedOut), "{report}");
    for file in ["stays", "goes", "deaf", "mute", "group"] {
        assert!(ends(folder.number(file)), "{file} lives on");
    }
}

#[test]
fn an_abort_ends_what_left_its_group() {
    let folder = Folder::new("abort");
    let line = r#"setsid sh -c 'trap "" TERM; echo $$ > one; sleep 1000' & wait"#;
    let run = folder.runner([("one", line)]).start().expect("a plan");
    let stray = folder.number("one");
    assert_eq!(run.abort()["one"].outcome(), Outcome::Cancelled);
    assert!(ends(stray));
}

#[test]
fn fail_fast_ends_what_left_its_group() {
    let folder = Folder::new("fast");
    let line = r#"setsid sh -c 'trap "" TERM; echo $$ > one; sleep 1000' & wait"#;
    let mut runner = folder.runner([("one", line)]).fail_fast(true);
    let one = folder.0.join("one");
    runner.add("fails", move || Err::<(), _>(number(&one).to_string()));
    let report = runner.run().expect("a plan");
    assert_eq!(report["one"].outcome(), Outcome::Cancelled);
    assert!(ends(folder.number("one")));
}

#[test]
fn what_left_its_group_may_end_in_its_own_way() {
    let folder = Folder::new("asked");
    let line = r#"setsid sh -c '
        trap "echo $$ > bye; exit" TERM; echo $$ > one; while :; do sleep 0.01; done
    ' >/dev/null 2>&1 & wait"#;
    let run = folder.runner([("one", line)]).grace(Duration::MAX).start().expect("a plan");
    let stray = folder.number("one");
    run.canceller().stop(StopReason::Interrupt);
    assert_eq!(wait_for(run)["one"].outcome(), Outcome::Cancelled);
    assert!(!lives(stray), "it was not waited for");
    assert_eq!(folder.number("bye"), stray);
}

#[test]
fn what_starts_others_again_ends_with_them() {
    let folder = Folder::new("again");
    let line = r#"setsid sh -c '
        echo $$ > one; while :; do setsid sh -c "echo \$\$ >> all; exec sleep 1000"; done
    ' & wait"#;
    let run = folder.runner([("one", line)]).start().expect("a plan");
    let (one, _) = (folder.number("one"), folder.number("all"));
    run.abort();
    assert!(ends(one));
    let all = fs::read_to_string(folder.0.join("all")).expect("it was written");
    assert!(all.lines().all(|number| ends(number.parse().expect("a number"))));
}

/// Nothing shows where it comes from, but it is still in its group, of which its program knows: it
/// has read what no pipe holds.
const BARE: &str = "head -c 200000 /dev/zero; echo $$ > bare; exec env -i sleep 1000";

#[test]
fn a_program_ends_with_what_its_own_commands_left() {
    const FOLDER: &str = "CONCURRA_TEST_FOLDER";
    let test = "a_program_ends_with_what_its_own_commands_left";
    let stray = r#"setsid sh -c 'trap "" TERM; echo $$ > inner; sleep 1000' & wait"#;
    if let Some(folder) = env::var_os(FOLDER) {
        let mut inner = Runner::new();
        inner.shell("inner", stray).current_dir(&folder);
        inner.shell("bare", BARE).current_dir(&folder);
        drop(inner.run());
        return;
    }
    let folder = Folder::new("inside");
    let mut outer = Runner::new();
    let exe = env::current_exe().expect("a path");
    let words = [exe.as_os_str(), test.as_ref(), "--exact".as_ref()];
    outer.command("outer", words).env(FOLDER, &folder.0);
    let run = outer.start().expect("a plan");
    let (inner, bare) = (folder.number("inner"), folder.number("bare"));
    assert_eq!(run.abort()["outer"].outcome(), Outcome::Cancelled);
    assert!(ends(inner) && ends(bare));
}

#[test]
fn other_commands_are_left_alone() {
    let folder = Folder::new("others");
    let other = "setsid sh -c 'echo $$ > other; exec sleep 1000' >/dev/null 2>&1 &
        while [ ! -e over ]; do sleep 0.01; done";
    let mut runner = folder.runner([("other", other)]);
    let line = "setsid sh -c 'echo $$ > one; exec sleep 1000' & wait";
    runner.shell("one", line).current_dir(&folder.0).timeout(Duration::from_secs(1));
    let run = runner.start().expect("a plan");
    let (one, other) = (folder.number("one"), folder.number("other"));
    assert!(ends(one));
    assert!(lives(other), "it ends with a task that has nothing to do with it");
    fs::write(folder.0.join("over"), "").expect("the folder is there");
    let report = wait_for(run);
    assert_eq!(report["one"].outcome(), Outcome::TimedOut);
    assert_eq!(report["other"].outcome(), Outcome::Passed);
    assert!(lives(other), "it ends with a task that passed");
    kill(other);
}

#[test]
fn a_server_that_a_passed_command_left_goes_on() {
    let folder = Folder::new("server");
    let line = "setsid sleep 1000 >/dev/null 2>&1 & echo $! > server";
    let report = folder.runner([("starts", line)]).run().expect("a plan");
    assert_eq!(report["starts"].outcome(), Outcome::Passed);
    drop(report);
    let server = folder.number("server");
    assert!(lives(server), "it ended with the run");
    kill(server);
}

fn kill(process: u32) {
    let killed = Command::new("kill").arg(process.to_string()).status();
    assert!(killed.expect("`kill`").success());
}
