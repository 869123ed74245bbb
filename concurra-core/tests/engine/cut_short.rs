//! What is cut short: by a stop, by a limit, by the end of the run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use concurra_core::{CommandOutput, MaxFail, Outcome, Report, Runner, StopReason, is_cancelled};

use crate::leftovers::{lives, number};
use crate::support::{Gate, Scratch, WIDTHS, watched};

fn stdout(report: &Report, task: &str) -> String {
    let output = report[task].result::<CommandOutput>().expect("it has said something");
    output.stdout.as_str().into_owned()
}

#[test]
fn nothing_starts_once_a_stop_has_been_asked_for() {
    for reason in [StopReason::Interrupt, StopReason::Abort] {
        let ran = Arc::<AtomicUsize>::default();
        let mut runner = Runner::new().workers(1);
        let canceller = runner.canceller();
        runner.add("stops", move || {
            canceller.stop(reason);
            is_cancelled()
        });
        runner.add_all((0..10_000).map(|task| {
            let ran = Arc::clone(&ran);
            (task.to_string(), move || ran.fetch_add(1, Ordering::Relaxed))
        }));
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(ran.load(Ordering::Relaxed), 0, "{reason:?}");
        if report["stops"].outcome() == Outcome::Passed {
            assert!(*report["stops"].result::<bool>().expect("it passed"));
        }
        assert_eq!(report.stopped(), Some(reason));
    }
}

#[test]
fn a_second_stop_does_not_cancel_always_tasks() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        let [first, again] = [runner.canceller(), runner.canceller()];
        runner.add("stops", move || first.stop(StopReason::Interrupt));
        runner.add("never", || ()).after(["stops"]);
        runner.add("cleans", move || again.stop(StopReason::Terminate)).after(["never"]).always();
        runner.add("cleans more", || ()).after(["cleans"]).always();
        let report = watched(|| runner.run()).expect("a plan");
        let outcome = |task: &str| report[task].outcome();
        assert_eq!(outcome("never"), Outcome::Cancelled);
        assert_eq!(["cleans", "cleans more"].map(outcome), [Outcome::Passed; 2]);
    }
}

#[test]
fn a_body_that_took_too_long_never_passes() {
    let limit = Duration::from_millis(1);
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).timeout(limit);
        // Each comes back in the very moment in which its time is over.
        runner.add_all((0..200u32).map(|task| {
            let takes = limit - Duration::from_micros(20) + Duration::from_nanos(200) * task;
            let body = move || {
                let begun = Instant::now();
                while begun.elapsed() < takes {
                    std::hint::spin_loop();
                }
            };
            (task.to_string(), body)
        }));
        let report = watched(|| runner.run()).expect("a plan");
        for task in report.tasks() {
            let (took, ended) = (task.duration().expect("it ran"), task.outcome());
            assert_eq!(took >= limit, ended == Outcome::TimedOut, "{ended} after {took:?}");
        }
    }
}

#[test]
fn a_command_that_ends_well_when_it_is_asked_to_has_a_result_and_timed_out() {
    let mut runner = Runner::new();
    let script = "trap 'echo cleaned; exit 0' TERM; echo begun; while :; do sleep 0.01; done";
    runner.shell("tidy", script).timeout(Duration::from_secs(1));
    let report = watched(|| runner.run()).expect("a plan");
    assert_eq!(report["tidy"].outcome(), Outcome::TimedOut);
    assert_eq!(stdout(&report, "tidy"), "begun\ncleaned\n");
}

#[test]
fn killed_commands_have_ended_and_keep_their_output() {
    for (round, workers) in [2, 8].into_iter().enumerate() {
        for reason in [None, Some(StopReason::Abort)] {
            let file = Scratch::new(&format!("killed-{round}-{}", reason.is_some()));
            let mut runner = Runner::new()
                .workers(workers)
                .max_fail(MaxFail::immediate(reason.is_none().into()));
            let script = format!("echo said; echo $$ > '{}'; sleep 1000", file.display());
            runner.shell("goes on", script);
            let (begun, canceller) = (file.to_path_buf(), runner.canceller());
            runner.add("ends it", move || {
                number(&begun);
                reason.into_iter().for_each(|reason| canceller.stop(reason));
                Err::<(), _>("no")
            });
            let report = watched(|| runner.run()).expect("a plan");
            assert!(!lives(number(&file)), "it is left behind");
            assert_eq!(report["goes on"].outcome(), Outcome::Cancelled);
            assert_eq!(stdout(&report, "goes on"), "said\n");
        }
    }
}

#[test]
fn commands_that_are_not_checked_do_not_pass_when_they_are_killed() {
    for (round, reason) in
        [StopReason::Abort, StopReason::Failures, StopReason::Timeout, StopReason::Interrupt]
            .into_iter()
            .enumerate()
    {
        let file = Scratch::new(&format!("unchecked-{round}"));
        let mut runner = Runner::new().workers(2);
        let script = format!("echo said; echo $$ > '{}'; exec sleep 1000", file.display());
        runner.shell("goes on", script).check(false);
        let run = runner.start().expect("a plan");
        number(&file);
        run.canceller().cancel(reason);
        let report = watched(|| run.wait());
        assert_eq!(report["goes on"].outcome(), Outcome::Cancelled, "{reason:?}");
        assert_eq!(stdout(&report, "goes on"), "said\n");
    }
}

#[test]
fn a_command_that_ends_well_when_an_interrupt_asks_it_to_has_passed() {
    let file = Scratch::new("tidy");
    let mut runner = Runner::new();
    let script = "trap 'echo cleaned; exit 0' TERM; echo $$ > '{}'; while :; do sleep 0.01; done";
    runner.shell("tidy", script.replace("{}", &file.display().to_string()));
    let run = runner.start().expect("a plan");
    number(&file);
    run.canceller().cancel(StopReason::Interrupt);
    let report = watched(|| run.wait());
    assert_eq!(report["tidy"].outcome(), Outcome::Passed);
    assert_eq!(stdout(&report, "tidy"), "cleaned\n");
}

#[test]
fn after_an_interrupt_commands_may_finish_until_the_next_one() {
    let [ends, hangs] = ["ends", "hangs"].map(|name| Scratch::new(&format!("waited-{name}")));
    let mut runner = Runner::new().workers(2);
    let go = Scratch::new("waited-go");
    let line = format!(
        "trap 'echo asked' TERM; echo $$ > {}; until [ -e {} ]; do sleep 0.01; done; echo finished",
        ends.display(),
        go.display()
    );
    runner.shell("ends", line);
    runner.shell("hangs", format!("echo $$ > {}; exec sleep 1000", hangs.display()));
    runner.add("never", || ()).after(["ends"]);
    let run = runner.start().expect("a plan");
    let numbers = [number(&ends), number(&hangs)];
    run.canceller().stop(StopReason::Interrupt);
    std::fs::write(&*go, "").expect("a file");
    assert!(crate::leftovers::ends(numbers[0]));
    // Its worker notices the end of the process a moment later.
    while run.active().contains(&"ends".to_owned()) {
        thread::yield_now();
    }
    assert!(lives(numbers[1]), "the first interrupt ended it");
    run.canceller().cancel(StopReason::Interrupt);
    let report = watched(|| run.wait());
    assert_eq!(report["ends"].outcome(), Outcome::Passed);
    assert_eq!(stdout(&report, "ends"), "finished\n");
    assert_eq!(report["hangs"].outcome(), Outcome::Cancelled);
    assert_eq!(report["never"].outcome(), Outcome::Cancelled);
}

#[test]
fn a_run_timeout_cancels_tasks_that_an_interrupt_lets_finish() {
    for workers in WIDTHS {
        let over = Gate::default();
        let ended = over.clone();
        let limit = Duration::from_millis(100);
        let mut runner = Runner::new().workers(workers).run_timeout(limit);
        let canceller = runner.canceller();
        runner.add("hangs", move || {
            canceller.stop(StopReason::Interrupt);
            ended.pass();
        });
        runner.add("cleans up", || 1).after(["hangs"]).always();
        let runner = runner.grace(Duration::from_millis(500));
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.stopped(), Some(StopReason::Interrupt));
        assert_eq!(report["hangs"].outcome(), Outcome::Cancelled);
        assert_eq!(report["cleans up"].outcome(), Outcome::Passed);
        over.open();
    }
}

#[test]
fn a_cancelled_wait_for_a_retry_counts_as_running_time() {
    let mut runner = Runner::new().workers(2).fail_fast(true);
    let begun = Instant::now();
    let gate = Gate::default();
    let opened = gate.clone();
    runner
        .add("waits", move || {
            opened.open();
            Err::<(), _>("not yet")
        })
        .retries(1)
        .backoff(Duration::from_secs(3600));
    runner.add("fails", move || {
        gate.pass();
        let waited = Instant::now();
        while waited.elapsed() < Duration::from_millis(5) {
            thread::yield_now();
        }
        Err::<(), _>("no")
    });
    let report = watched(|| runner.run()).expect("a plan");
    let waits = &report["waits"];
    assert_eq!((waits.outcome(), waits.retry_errors().len()), (Outcome::Cancelled, 1));
    let took = waits.duration().expect("it ran");
    assert!(took >= Duration::from_millis(5) && took <= begun.elapsed(), "{took:?}");
}

#[test]
fn the_failure_that_stopped_the_run_is_the_cause() {
    let mut runner = Runner::new().workers(1).max_fail(2);
    runner.add("first", || Err::<(), _>("no"));
    runner.add("second", || Err::<(), _>("no"));
    runner.add("never", || ());
    let report = watched(|| runner.run()).expect("a plan");
    assert_eq!(report["never"].cause(), Some("stopped after second failed".to_owned()));
}
