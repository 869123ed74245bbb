//! What is stopped, or runs out of time, while its processes are being started: nothing is left.

use std::env;
use std::process::{self, Command, Stdio};
use std::time::Duration;

use concurra_core::{Outcome, Runner, StopReason};

use crate::aftermath::{marked, spin, wait_until_idle};
use crate::leftovers::ends;
use crate::support::{WIDTHS, run, watched};

/// Is in the environment of a test's processes.
const MARK: &str = "CONCURRA_TEST_MARK";

/// Tells a process which round of a test it is.
const ROUND: &str = "CONCURRA_TEST_ROUND";

/// A mark that no other test has, nor this one in another process.
fn mark(test: &str) -> String {
    format!("{test} of {}", process::id())
}

#[test]
fn commands_that_time_out_while_they_start_leave_nothing_behind() {
    let mark = mark("timeouts");
    for limit in [1, 2, 3, 5] {
        let limit = Duration::from_millis(limit);
        let mut runner = Runner::new().workers(8).retry_timeouts(true).timeout(limit).retries(5);
        for task in 0..8 {
            runner.command(task.to_string(), ["sleep", "1000"]).env(MARK, &mark);
        }
        wait_until_idle(&run(runner));
    }
    let left = marked(MARK, &mark);
    assert!(left.is_empty(), "{left:?} live on");
}

#[test]
fn commands_that_are_stopped_while_they_start_leave_nothing_behind() {
    let mark = mark("stops");
    let folder = env::temp_dir().join(&mark);
    std::fs::create_dir_all(&folder).expect("a folder");
    let reasons = [StopReason::Abort, StopReason::Interrupt, StopReason::Failures];
    for round in 0..200 {
        let (workers, reason) = (WIDTHS[round % 3], reasons[round / 3 % 3]);
        // With an endless grace, a process that the stop misses makes the run hang.
        let mut runner = Runner::new().workers(workers).grace(Duration::MAX);
        runner.command("first", ["sleep", "1000"]).env(MARK, &mark);
        // Its first attempt fails, and the second would go on for ever.
        let line = format!("mkdir '{}/{round}' && exit 1; exec sleep 1000", folder.display());
        runner.shell("second", line).env(MARK, &mark).retries(1);
        let run = runner.start().expect("a plan");
        spin(round, Duration::from_micros(25));
        run.canceller().cancel(reason);
        let report = watched(|| run.wait());
        assert_eq!(report["first"].outcome(), Outcome::Cancelled, "{reason:?} in round {round}");
        wait_until_idle(&report);
    }
    std::fs::remove_dir_all(folder).expect("it is there");
    let left = marked(MARK, &mark);
    assert!(left.is_empty(), "{left:?} live on");
}

#[test]
fn a_program_that_ends_with_its_run_leaves_no_command_behind() {
    if let Ok(round) = env::var(ROUND) {
        let mut runner = Runner::new().workers(1);
        runner.command("sleeps", ["sleep", "1000"]);
        let run = runner.start().expect("a plan");
        spin(round.parse().expect("a number"), Duration::from_micros(25));
        drop(run.abort());
        process::exit(0);
    }
    let mark = mark("program");
    for round in 0..150 {
        let mut again = Command::new(env::current_exe().expect("a path"));
        let test = "starting::a_program_that_ends_with_its_run_leaves_no_command_behind";
        again.args([test, "--exact"]).stdout(Stdio::null());
        let ended = again.env(ROUND, round.to_string()).env(MARK, &mark).status();
        assert!(ended.expect("this test runs again").success());
    }
    assert!(marked(MARK, &mark).into_iter().all(ends), "a command lives on");
}
