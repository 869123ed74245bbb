//! Isolated tasks that are made to end.

use std::time::Duration;
use std::{env, fs};

use concurra::{MaxFail, Outcome, State, StopReason};

use crate::aftermath::{marked, spin, wait_until_idle};
use crate::leftovers::{ends, number};
use crate::patience::wait_for;
use crate::support::{again, run, runner};
use crate::tasks::numbers;

scenarios! {
    a_timeout_kills_the_process,
    fail_fast_and_abort_kill_processes,
    tasks_stopped_at_their_start_leave_no_process,
    a_stop_between_two_attempts_leaves_nothing_behind,
}

fn a_timeout_kills_the_process() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_timeout_kills_the_process");
    }
    let report = run(runner(&["hangs", "nothing"]).workers(1).timeout(Duration::from_millis(500)));
    assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
    assert_eq!(report["nothing"].outcome(), Outcome::Passed);
    assert!(ends(number(&numbers().join("hangs"))), "the process lives on");
    assert!(report.warnings().is_empty(), "{:?}", report.warnings());
}

fn fail_fast_and_abort_kill_processes() {
    if env::var_os("NUMBERS").is_none() {
        return again("fail_fast_and_abort_kill_processes");
    }
    let mut fast = runner(&["hangs", "fails here"]).max_fail(MaxFail::immediate(1));
    let fails = || {
        number(&numbers().join("hangs"));
        Err::<(), _>("no")
    };
    fast.add("fails here", fails).isolate(false);
    let report = run(fast);
    assert_eq!(report["hangs"].outcome(), Outcome::Cancelled);
    assert!(ends(number(&numbers().join("hangs"))), "the process lives on");
    fs::remove_file(numbers().join("hangs")).expect("it was written");
    let run = runner(&["hangs"]).start().expect("a plan");
    let process = number(&numbers().join("hangs"));
    let report = run.abort();
    assert_eq!(report["hangs"].outcome(), Outcome::Cancelled);
    assert_eq!(report.stopped(), Some(StopReason::Abort));
    assert!(ends(process), "the process lives on");
}

fn tasks_stopped_at_their_start_leave_no_process() {
    if env::var_os("NUMBERS").is_none() {
        return again("tasks_stopped_at_their_start_leave_no_process");
    }
    let reasons = [StopReason::Abort, StopReason::Interrupt, StopReason::Failures];
    for round in 0..200 {
        let (workers, reason) = ([1, 2, 8][round % 3], reasons[round / 3 % 3]);
        // Slow processes are not killed here, so a process that is not asked to end hangs the run.
        let runner = runner(&["sleeper_a", "sleeper_b"]).workers(workers).grace(Duration::MAX);
        let run = runner.start().expect("a plan");
        spin(round, Duration::from_micros(50));
        run.canceller().cancel(reason);
        let report = wait_for(run);
        for name in ["sleeper_a", "sleeper_b"] {
            assert_eq!(report[name].outcome(), Outcome::Cancelled, "{reason:?} in round {round}");
        }
        wait_until_idle(&report);
    }
    let left = marked("NUMBERS", numbers().to_str().expect("a plain path"));
    assert!(left.is_empty(), "{left:?} live on");
}

fn a_stop_between_two_attempts_leaves_nothing_behind() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_stop_between_two_attempts_leaves_nothing_behind");
    }
    // The failure is searched for each of them before the next attempt.
    let secrets: Vec<String> = (0..40).map(|secret| format!("secret-{secret}")).collect();
    for round in 0..12 {
        let params = secrets.iter().map(|secret| (secret.clone(), secret.clone()));
        let runner = runner(&["fails_at_length_and_hangs"]).retries(1).grace(Duration::MAX);
        let runner =
            runner.state(State::with_params(params.collect())).secret_params(secrets.clone());
        let run = runner.start().expect("a plan");
        number(&numbers().join("fails"));
        spin(round, Duration::from_millis(25));
        run.canceller().cancel(StopReason::Interrupt);
        let report = wait_for(run);
        assert!(!report.is_good());
        wait_until_idle(&report);
        fs::remove_file(numbers().join("fails")).expect("it was written");
    }
    let left = marked("NUMBERS", numbers().to_str().expect("a plain path"));
    assert!(left.is_empty(), "{left:?} live on");
}
