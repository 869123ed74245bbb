//! Runs that are stopped before their end.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use concurra_core::{Event, Observer, Outcome, Plan, Report, Runner, StopReason};

use crate::support::{Gate, Log, WIDTHS, watched};

const LONG: Duration = Duration::from_secs(30);

fn outcomes(report: &Report) -> Vec<(&str, Outcome)> {
    report.tasks().iter().map(|task| (task.name(), task.outcome())).collect()
}

#[test]
fn after_the_first_failure_nothing_more_starts() {
    for workers in WIDTHS {
        let log = Log::default();
        let mut runner = Runner::new().workers(workers).fail_fast(true);
        runner.add("fails", || Err::<(), _>("no"));
        runner.add("below", || ()).after(["fails"]);
        for task in 0..1000 {
            let log = log.clone();
            // Behind the failure in another way than by waiting for it: never ready before it.
            runner.add(format!("unrelated {task}"), move || log.add(task)).after(["gate"]);
        }
        let gate = Gate::default();
        runner.add("gate", move || {
            // On one worker the failure comes first; else this one is given up while it waits.
            gate.pass();
        });
        let report = watched(|| runner.grace(Duration::ZERO).run()).expect("a plan");
        assert_eq!(report.stopped(), Some(StopReason::Failures));
        assert_eq!(report["fails"].outcome(), Outcome::Failed);
        assert_eq!(report["below"].outcome(), Outcome::Skipped);
        assert_eq!(report["below"].cause().as_deref(), Some("fails failed"));
        assert_eq!(report["unrelated 0"].cause().as_deref(), Some("stopped after fails failed"));
        let counts = report.counts();
        assert_eq!(counts.of(Outcome::Cancelled), 1001, "{counts} on {workers} workers");
        assert!(log.all().is_empty());
        assert!(!report.is_good());
    }
}

#[test]
fn as_many_failures_as_allowed_and_no_more() {
    for workers in WIDTHS {
        let most = NonZeroUsize::new(3);
        let mut runner = Runner::new().workers(workers).max_fail(most);
        for task in 0..6 {
            let added = runner.add(format!("fails {task}"), || Err::<(), _>("no"));
            if task > 0 {
                added.after([format!("passes {}", task - 1)]);
            }
            let added = runner.add(format!("passes {task}"), || ());
            if task > 0 {
                added.after([format!("passes {}", task - 1)]);
            }
        }
        let report = watched(|| runner.run()).expect("a plan");
        let failed = report.counts().of(Outcome::Failed);
        // A failure that was under way when the third came may still count.
        assert!((3..3 + workers).contains(&failed), "{failed} on {workers} workers");
        assert_eq!(report.stopped(), Some(StopReason::Failures));
    }
}

#[test]
fn a_task_that_runs_is_given_up_at_once_and_its_late_result_thrown_away() {
    // The chain before it runs on the same worker without a pause, so it is not counted yet when
    // the stop comes: nobody may wait for the count.
    for workers in [2, 3, 8] {
        for chain in [0, 1, 5] {
            let (running, over) = (Gate::default(), Gate::default());
            let mut runner = Runner::new().workers(workers).fail_fast(true).grace(Duration::ZERO);
            for task in 0..chain {
                let added = runner.add(format!("before {task}"), || ());
                if task > 0 {
                    added.after([format!("before {}", task - 1)]);
                }
            }
            let (here, ended) = (running.clone(), over.clone());
            let held = Arc::new(());
            let inside = Arc::clone(&held);
            let body = move || {
                let _dropped_with_the_body = &inside;
                here.open();
                ended.pass();
                7
            };
            let added = runner.add("runs on", body);
            if chain > 0 {
                added.after([format!("before {}", chain - 1)]);
            }
            runner.add("behind", || ()).after(["runs on"]);
            runner.add("fails", move || {
                running.pass();
                Err::<(), _>("no")
            });
            let begun = Instant::now();
            let report = watched(|| runner.run()).expect("a plan");
            assert!(begun.elapsed() < Duration::from_secs(8), "the run waits for the body");
            let given_up = &report["runs on"];
            assert_eq!(given_up.outcome(), Outcome::Cancelled);
            assert_eq!(report["behind"].outcome(), Outcome::Cancelled);
            assert_eq!(report.warnings(), ["still running after the end: runs on"]);
            let duration = given_up.duration();
            over.open();
            while Arc::strong_count(&held) > 1 {
                std::thread::yield_now();
            }
            assert_eq!(given_up.duration(), duration, "the late end changed the report");
            let error = given_up.result::<i32>().unwrap_err().to_string();
            assert_eq!(error, r#"task "runs on" has no result: it ended as cancelled"#);
        }
    }
}

#[test]
fn a_body_that_ends_within_the_grace_is_waited_for() {
    for workers in [2, 8] {
        let running = Gate::default();
        let ended = Arc::new(AtomicBool::new(false));
        let gates = OnEnds::default();
        let mut runner = Runner::new().workers(workers).fail_fast(true).grace(LONG);
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
        let report = watched(|| runner.run()).expect("a plan");
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
    // The two behind it, and the task itself when it is given up.
    let cancelled = if reasons.contains(&StopReason::Abort) { 3 } else { 2 };
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
    watched(|| runner.run()).expect("a plan")
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
        for reason in [StopReason::Interrupt, StopReason::Terminate] {
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
fn an_abort_gives_running_tasks_up_also_after_an_interrupt() {
    for workers in WIDTHS {
        for (reasons, first) in [
            (&[StopReason::Abort][..], StopReason::Abort),
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
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.counts().to_string(), "0 passed, 2 cancelled");
    }
}

#[test]
fn a_stop_after_the_end_concerns_nobody() {
    let mut runner = Runner::new().workers(2);
    runner.add("a", || ());
    let canceller = runner.canceller();
    let report = watched(|| runner.run()).expect("a plan");
    canceller.stop(StopReason::Abort);
    assert!(report.is_good());
}

#[test]
fn a_run_after_one_that_gave_a_body_up_has_workers_of_its_own() {
    for workers in WIDTHS {
        let over = Gate::default();
        let ended = over.clone();
        let mut runner = Runner::new().workers(workers).grace(Duration::ZERO);
        let canceller = runner.canceller();
        runner.add("runs on", move || {
            canceller.stop(StopReason::Abort);
            ended.pass();
        });
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["runs on"].outcome(), Outcome::Cancelled);
        let mut runner = Runner::new().workers(workers);
        (0..20).for_each(|task| {
            runner.add(task.to_string(), || ());
        });
        assert!(watched(|| runner.run()).expect("a plan").is_good());
        over.open();
    }
}

#[test]
fn every_end_is_told_once_also_of_workers_that_never_come_back() {
    for workers in [2, 3, 8] {
        let (running, over) = (Gate::default(), Gate::default());
        let (here, ended) = (running.clone(), over.clone());
        let log = Log::default();
        let told = log.clone();
        let mut runner = Runner::new()
            .workers(workers)
            .fail_fast(true)
            .grace(Duration::ZERO)
            .on_task_done(move |done| told.add((done.task.name().to_owned(), done.end.done)));
        runner.add("before", || ());
        runner.add("with it", || ()).after(["before"]);
        runner
            .add("runs on", move || {
                here.open();
                ended.pass();
            })
            .after(["with it"]);
        runner.add("behind", || ()).after(["runs on"]);
        runner.add("fails", move || {
            running.pass();
            Err::<(), _>("no")
        });
        watched(|| runner.run()).expect("a plan");
        over.open();
        let log = log.all();
        let counts: Vec<usize> = log.iter().map(|(_, done)| *done).collect();
        assert_eq!(counts, [1, 2, 3, 4, 5], "{log:?}");
    }
}
