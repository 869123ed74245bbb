//! Retries and timeouts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use concurra_core::{Backoff, Outcome, Output, Report, Runner};

use crate::support::{Gate, Log, WIDTHS, watched};

const HOUR: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(50);

/// A body that fails until its attempt of that number.
fn passes_at(attempt: u32) -> impl FnMut() -> Result<u32, String> + Send + 'static {
    let mut made = 0;
    move || {
        made += 1;
        if made < attempt { Err(format!("attempt {made} failed")) } else { Ok(made) }
    }
}

fn run(runner: Runner) -> Report {
    watched(|| runner.run()).expect("a plan")
}

/// A body that never ends while the test runs.
fn hangs() {
    std::thread::sleep(HOUR);
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
        assert_eq!((third.outcome(), third.attempts(), third.retries()), (Outcome::Passed, 3, 3));
        assert_eq!(*third.result::<u32>().expect("passed"), 3);
        let said: Vec<String> = third.retry_errors().iter().map(ToString::to_string).collect();
        assert_eq!(said, ["attempt 1 failed", "attempt 2 failed"]);
        assert!(third.is_flaky());
        let late = &report["too late"];
        assert_eq!((late.outcome(), late.attempts()), (Outcome::Failed, 2));
        assert_eq!(late.failure().expect("failed").to_string(), "attempt 2 failed");
        assert_eq!(late.retry_errors().len(), 1);
        assert_eq!(report["no retries"].attempts(), 1);
        assert_eq!(report["below"].outcome(), Outcome::Passed);
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
fn what_asks_to_be_skipped_is_not_tried_again() {
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

#[test]
fn a_task_that_hangs_delays_nobody() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        for task in 0..workers {
            runner.add(format!("hangs {task}"), hangs).timeout(SHORT).retries(3);
        }
        let others = Log::default();
        for task in 0..20 {
            let others = others.clone();
            runner.add(format!("other {task}"), move || others.add(task));
        }
        runner.add("below", || ()).after(["hangs 0"]);
        let begun = Instant::now();
        let report = run(runner);
        assert!(begun.elapsed() < Duration::from_secs(20), "it waited for a body that hangs");
        for task in 0..workers {
            let hung = &report[format!("hangs {task}").as_str()];
            assert_eq!((hung.outcome(), hung.attempts()), (Outcome::TimedOut, 1));
            assert_eq!(
                hung.failure().expect("a reason").to_string(),
                "ran longer than its timeout of 50ms"
            );
            let duration = hung.duration().expect("it ran");
            assert!(duration >= SHORT && duration < Duration::from_secs(10), "{duration:?}");
        }
        assert_eq!(others.all().len(), 20);
        assert_eq!(report["below"].cause().as_deref(), Some("hangs 0 timed out"));
        let warnings = report.warnings();
        assert!(warnings[0].starts_with("still running after the end: hangs 0"), "{warnings:?}");
    }
}

#[test]
fn a_timeout_holds_for_each_attempt_and_not_for_the_run() {
    // Each takes a part of the limit, all together more than it.
    let (limit, part) = (Duration::from_secs(3), Duration::from_millis(700));
    let mut runner = Runner::new().workers(2).timeout(limit);
    for task in 0..5 {
        let added = runner.add(task.to_string(), move || std::thread::sleep(part));
        if task > 0 {
            added.after([(task - 1).to_string()]);
        }
    }
    let mut made = 0;
    let again = move || {
        made += 1;
        std::thread::sleep(part);
        if made < 5 { Err("not yet") } else { Ok(()) }
    };
    runner.add("again", again).retries(4);
    let report = run(runner);
    assert_eq!(report.verify(), Ok(()));
    assert!(report.duration() > limit);
}

#[test]
fn a_timed_out_function_may_be_tried_again_and_a_hanging_closure_may_not() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).retry_timeouts(true);
        runner.add("hangs", hangs).timeout(SHORT).retries(2);
        let report = run(runner);
        // The closure is still in use by the attempt that hangs.
        assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
        assert_eq!(report["hangs"].attempts(), 1);
    }
}

#[test]
fn a_body_can_ask_whether_it_was_given_up() {
    for workers in WIDTHS {
        let noticed = Gate::default();
        let mut runner = Runner::new().workers(workers);
        let late = noticed.clone();
        let body = move || {
            assert!(!concurra_core::is_cancelled(), "it has only begun");
            while !concurra_core::is_cancelled() {
                std::thread::yield_now();
            }
            late.open();
        };
        runner.add("asks", body).timeout(SHORT);
        let report = run(runner);
        assert_eq!(report["asks"].outcome(), Outcome::TimedOut);
        noticed.pass();
    }
    assert!(!concurra_core::is_cancelled(), "no task runs here");
}

/// A result whose `Drop` panics.
struct Bomb;

impl Output for Bomb {}

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "nobody hears this");
    }
}

#[test]
fn a_late_result_that_panics_when_it_is_dropped_does_no_harm() {
    let (over, back) = (Gate::default(), Gate::default());
    let (ended, here) = (over.clone(), back.clone());
    let mut runner = Runner::new().workers(1);
    let body = move || {
        ended.wait(2);
        here.open();
        Bomb
    };
    runner.add("late", body).timeout(SHORT);
    runner.add("next", || ());
    let report = run(runner);
    assert_eq!(report["late"].outcome(), Outcome::TimedOut);
    assert_eq!(report["next"].outcome(), Outcome::Passed);
    over.open();
    back.pass();
    // The process would end soon after.
    std::thread::sleep(SHORT);
}

#[test]
fn waves_of_timeouts_leave_no_thread_that_is_not_hung() {
    const TASKS: usize = 400;
    let (open, bodies) = (Gate::default(), Arc::new(AtomicU32::new(0)));
    let mut runner = Runner::new().workers(8).timeout(Duration::from_millis(10));
    for task in 0..TASKS {
        let (open, bodies) = (open.clone(), Arc::clone(&bodies));
        let body = move || {
            bodies.fetch_add(1, Ordering::SeqCst);
            open.wait(usize::MAX);
            bodies.fetch_sub(1, Ordering::SeqCst);
        };
        runner.add(task.to_string(), body);
    }
    let report = run(runner);
    assert_eq!(report.counts().of(Outcome::TimedOut), TASKS);
    assert_eq!(bodies.load(Ordering::SeqCst) as usize, TASKS, "the bodies are all there");
}

#[test]
fn the_run_itself_may_have_a_limit() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).run_timeout(SHORT);
        runner.add("hangs", hangs);
        runner.add("below", || ()).after(["hangs"]);
        runner.add("cleans up", || ()).after(["hangs"]).always();
        let report = watched(|| runner.grace(Duration::ZERO).run()).expect("a plan");
        assert_eq!(report["hangs"].outcome(), Outcome::Cancelled);
        let cause = report["below"].cause();
        assert_eq!(cause.as_deref(), Some("stopped as the run took too long"));
        assert_eq!(report["cleans up"].outcome(), Outcome::Passed);
        assert!(!report.is_good());
    }
}
