//! How often a task is tried, and what lies between.

use std::time::Duration;

use concurra_core::{Backoff, Outcome, Retries, Runner, Settings};

use crate::support::{Gate, WIDTHS, run};

const SHORT: Duration = Duration::from_millis(50);

/// A body that fails until its attempt of that number.
fn passes_at(attempt: u32) -> impl FnMut() -> Result<u32, String> + Send + 'static {
    let mut made = 0;
    move || {
        made += 1;
        if made < attempt { Err(format!("attempt {made} failed")) } else { Ok(made) }
    }
}

#[test]
fn a_task_is_tried_again_until_it_passes() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).retries(1);
        runner.add("third time", passes_at(3)).retries(3);
        runner.add("too late", passes_at(3));
        runner.add("no retries", passes_at(2)).retries(0);
        runner.add("below", || ()).after(["third time"]);
        let report = run(runner);
        let third = &report["third time"];
        assert_eq!(
            (third.outcome(), third.attempts(), third.info().retries),
            (Outcome::Passed, 3, 3)
        );
        assert_eq!(*third.result::<u32>().expect("passed"), 3);
        let said: Vec<String> = third.retry_errors().iter().map(ToString::to_string).collect();
        assert_eq!(said, ["attempt 1 failed", "attempt 2 failed"]);
        assert!(third.is_flaky());
        let late = &report["too late"];
        assert_eq!((late.outcome(), late.attempts()), (Outcome::Failed, 2));
        assert_eq!(late.failure().expect("failed").to_string(), "attempt 2 failed");
        assert_eq!(late.retry_errors().len(), 2);
        assert_eq!(report["no retries"].retry_errors().len(), 1);
        assert_eq!(report["no retries"].attempts(), 1);
        assert_eq!(report["below"].outcome(), Outcome::Passed);
    }
}

#[test]
fn overrides_win_over_the_settings_of_tasks_and_never_over_overrides() {
    for workers in WIDTHS {
        for (over, attempts) in [(None, [3, 2, 1]), (Some(0), [1, 1, 1]), (Some(4), [5, 5, 1])] {
            let over = Settings { retries: over, ..Settings::new() };
            let mut runner = Runner::new().workers(workers).retries(2).overrides(over);
            runner.add("default", passes_at(99));
            runner.add("own", passes_at(99)).retries(1);
            runner.add("never", passes_at(99)).retries(Retries::Never);
            let report = run(runner);
            let made = ["default", "own", "never"].map(|task| report[task].attempts());
            assert_eq!(made, attempts);
            assert_eq!(report["never"].retries(), 0);
        }
    }
}

#[test]
fn panics_are_tried_again_with_the_same_closure() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        let mut seen = Vec::new();
        let body = move || {
            seen.push(seen.len());
            assert!(seen.len() > 2, "only {}", seen.len());
            seen.clone()
        };
        runner.add("panics twice", body).retries(5);
        let report = run(runner);
        assert_eq!(*report["panics twice"].result::<Vec<usize>>().expect("passed"), [0, 1, 2]);
    }
}

#[test]
fn a_task_that_skips_itself_is_not_retried() {
    let mut runner = Runner::new().retries(3);
    runner.add("skips", || -> () { concurra_core::skip("no board") });
    let report = run(runner);
    assert_eq!(report["skips"].outcome(), Outcome::Skipped);
    assert_eq!(report["skips"].attempts(), 1);
}

#[test]
fn a_wait_before_the_next_attempt_leaves_the_worker_to_others() {
    for workers in WIDTHS {
        let other = Gate::default();
        let mut runner = Runner::new().workers(workers);
        let mut made = 0;
        let seen = other.clone();
        let body = move || {
            made += 1;
            if made == 1 {
                return Err("first");
            }
            // With one worker it would wait in vain if the wait had kept the worker.
            seen.pass();
            Ok(())
        };
        runner.add("waits", body).retries(1).backoff(SHORT);
        runner.add("other", move || other.open());
        let report = run(runner);
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
        let waited = report["waits"].duration().expect("it ran");
        assert!(waited >= SHORT, "{waited:?}");
    }
}

#[test]
fn waits_grow_up_to_their_maximum() {
    let mut runner = Runner::new();
    let backoff = Backoff::exponential(Duration::from_millis(20), Duration::from_millis(40));
    runner.add("fails", passes_at(9)).retries(3).backoff(backoff);
    let report = run(runner);
    let waited = report["fails"].duration().expect("it ran");
    // 20 + 40 + 40 ms, each less a quarter at most.
    assert!(waited >= Duration::from_millis(75), "{waited:?}");
    assert_eq!(report["fails"].attempts(), 4);
}

#[test]
fn flaky_tasks_may_count_as_failed() {
    let mut runner = Runner::new().flaky_fails(true).retries(2);
    runner.add("flaky", passes_at(2));
    runner.add("steady", passes_at(1));
    runner.add("below", || ()).after(["flaky"]);
    let report = run(runner);
    assert_eq!(report["flaky"].outcome(), Outcome::Failed);
    let said = report["flaky"].failure().expect("it counts as failed").to_string();
    assert_eq!(said, "passed only at attempt 2 of 3, and flaky tasks count as failed");
    assert_eq!(report["steady"].outcome(), Outcome::Passed);
    assert_eq!(report["below"].outcome(), Outcome::Skipped);
}
