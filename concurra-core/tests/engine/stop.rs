//! Runs that are stopped before their end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use concurra_core::{Event, MaxFail, Observer, Outcome, Plan, Report, Runner, StopReason};

use crate::support::{Gate, WIDTHS, run};

const LONG: Duration = Duration::from_secs(30);

fn outcomes(report: &Report) -> Vec<(&str, Outcome)> {
    report.tasks().iter().map(|task| (task.name(), task.outcome())).collect()
}

#[test]
fn a_body_that_ends_within_the_grace_is_waited_for() {
    for workers in [2, 8] {
        let running = Gate::default();
        let ended = Arc::new(AtomicBool::new(false));
        let gates = OnEnds::default();
        let mut runner = Runner::new().workers(workers).grace(LONG);
        runner = runner.max_fail(MaxFail::immediate(1));
        runner = runner.observe(Box::new(gates.clone()));
        let (here, mark) = (running.clone(), Arc::clone(&ended));
        runner.add("runs on", move || {
            here.open();
            gates.cancelled.pass();
            // A run that does not wait would be over by now.
            std::thread::sleep(Duration::from_millis(50));
            mark.store(true, Ordering::Release);
        });
        runner.add("fails", move || {
            running.pass();
            Err::<(), _>("no")
        });
        let late = Arc::clone(&ended);
        runner.add("cleans up", move || late.load(Ordering::Acquire)).always().after(["fails"]);
        let report = run(runner);
        assert!(report.duration() < LONG, "the run waited for the whole grace");
        let waited = report["cleans up"].result::<bool>().expect("it runs always");
        assert!(*waited, "the clean-up did not wait for the body");
        assert_eq!(report["runs on"].outcome(), Outcome::Cancelled);
        assert!(report.warnings().is_empty(), "{:?}", report.warnings());
    }
}

/// A task that stops its own run and goes on until the stops were carried out.
fn stopped_from_inside(workers: usize, reasons: &[StopReason]) -> Report {
    let gates = OnEnds::default();
    let observer = Box::new(gates.clone());
    let mut runner = Runner::new().workers(workers).grace(LONG).observe(observer);
    let (canceller, reasons) = (runner.canceller(), reasons.to_vec());
    // The two behind it, and the task itself when it is abandoned.
    let cancelled = if reasons == [StopReason::Interrupt] { 2 } else { 3 };
    runner.add("failed before", || Err::<(), _>("no"));
    runner.add("below", || ()).after(["failed before"]);
    runner
        .add("stops", move || {
            gates.skipped.pass();
            reasons.iter().for_each(|reason| canceller.stop(*reason));
            gates.cancelled.meet(cancelled + 1);
            7
        })
        .after(["passed before"]);
    runner.add("passed before", || ());
    runner.add("behind", || ()).after(["stops"]);
    runner.add("far behind", || ()).after(["behind"]);
    run(runner)
}

/// Comes to a gate whenever a task was skipped, and to another when one was cancelled.
#[derive(Clone, Default)]
struct OnEnds {
    skipped: Gate,
    cancelled: Gate,
}

impl Observer for OnEnds {
    fn event(&mut self, _: &Plan, event: &Event) {
        match event {
            Event::Finished(end) if end.outcome == Outcome::Skipped => self.skipped.open(),
            Event::Finished(end) if end.outcome == Outcome::Cancelled => self.cancelled.open(),
            _ => {}
        }
    }
}

#[test]
fn an_interrupt_lets_running_tasks_finish() {
    for workers in WIDTHS {
        {
            let reason = StopReason::Interrupt;
            let report = stopped_from_inside(workers, &[reason]);
            assert_eq!(
                outcomes(&report),
                [
                    ("failed before", Outcome::Failed),
                    ("below", Outcome::Skipped),
                    ("stops", Outcome::Passed),
                    ("passed before", Outcome::Passed),
                    ("behind", Outcome::Cancelled),
                    ("far behind", Outcome::Cancelled),
                ]
            );
            assert_eq!(*report["stops"].result::<i32>().expect("it finished"), 7);
            assert_eq!(report["behind"].cause(), Some(reason.to_string()));
            assert_eq!(report.stopped(), Some(reason));
            assert!(!report.is_good());
        }
    }
}

#[test]
fn other_stops_abandon_running_tasks_also_after_an_interrupt() {
    for workers in WIDTHS {
        for (reasons, first) in [
            (&[StopReason::Abort][..], StopReason::Abort),
            (&[StopReason::Terminate], StopReason::Terminate),
            (&[StopReason::Hangup], StopReason::Hangup),
            (&[StopReason::Interrupt, StopReason::Terminate], StopReason::Interrupt),
            (&[StopReason::Interrupt, StopReason::Abort], StopReason::Interrupt),
        ] {
            let report = stopped_from_inside(workers, reasons);
            assert_eq!(report["stops"].outcome(), Outcome::Cancelled, "{reasons:?}");
            assert_eq!(report["behind"].outcome(), Outcome::Cancelled);
            assert_eq!(report["below"].outcome(), Outcome::Skipped);
            assert_eq!(report.stopped(), Some(first));
        }
    }
}

#[test]
fn a_run_that_was_stopped_before_it_began_runs_nothing() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        runner.canceller().stop(StopReason::Interrupt);
        runner.add("a", || -> () { unreachable!("nothing starts") });
        runner.add("b", || ()).after(["a"]);
        let report = run(runner);
        assert_eq!(report.counts().to_string(), "0 passed, 2 cancelled");
    }
}

#[test]
fn a_stop_after_the_end_changes_nothing() {
    let mut runner = Runner::new().workers(2);
    runner.add("a", || ());
    let canceller = runner.canceller();
    let report = run(runner);
    canceller.stop(StopReason::Abort);
    assert!(report.is_good());
}
