//! Tasks that exclude each other, and tasks that run always.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use concurra_core::{Outcome, Runner, StopReason};

use crate::support::{Gate, Log, WIDTHS, watched};

#[test]
fn tasks_of_one_serial_name_never_overlap() {
    for workers in WIDTHS {
        let (inside, log) = (Arc::new(AtomicUsize::new(0)), Log::default());
        let mut runner = Runner::new().workers(workers);
        for task in 0..40 {
            let (inside, log) = (Arc::clone(&inside), log.clone());
            let body = move || {
                let others = inside.fetch_add(1, Ordering::SeqCst);
                std::thread::yield_now();
                inside.fetch_sub(1, Ordering::SeqCst);
                log.add(task);
                assert_eq!(others, 0, "another one runs");
                // Ends of every kind hand the place on.
                assert_ne!(task % 5, 3, "it fails");
            };
            runner.add(task.to_string(), body).serial("db");
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.counts().of(Outcome::Failed), 8);
        assert_eq!(log.all().len(), 40);
    }
}

#[test]
fn a_serial_task_that_is_tried_again_lets_the_others_in_meanwhile() {
    for round in 0..20 {
        let inside = Arc::<AtomicUsize>::default();
        let backoff = std::time::Duration::from_nanos(1);
        let mut runner = Runner::new().workers(WIDTHS[round % 3]).retries(3).backoff(backoff);
        for task in 0..20 {
            let inside = Arc::clone(&inside);
            let body = move || {
                let others = inside.fetch_add(1, Ordering::SeqCst);
                std::thread::yield_now();
                inside.fetch_sub(1, Ordering::SeqCst);
                Err::<(), _>(if others == 0 { "on purpose" } else { "another one runs" })
            };
            runner.add(task.to_string(), body).serial("db");
        }
        let report = watched(|| runner.run()).expect("a plan");
        for task in report.tasks() {
            let failures = task.retry_errors();
            assert_eq!(failures.len(), 4);
            assert!(failures.iter().all(|failure| failure.message == "on purpose"), "{failures:?}");
        }
    }
}

#[test]
fn other_serial_names_and_other_tasks_go_on_meanwhile() {
    for workers in [3, 8] {
        let gate = Gate::default();
        let mut runner = Runner::new().workers(workers);
        for (name, serial) in [("a", Some("db")), ("b", Some("disk")), ("c", None)] {
            let gate = gate.clone();
            let added = runner.add(name, move || gate.meet(3));
            if let Some(serial) = serial {
                added.serial(serial);
            }
        }
        assert_eq!(watched(|| runner.run()).expect("a plan").verify(), Ok(()));
    }
}

#[test]
fn a_serial_task_that_timed_out_lets_the_next_run() {
    for workers in WIDTHS {
        let over = Gate::default();
        let ended = over.clone();
        let mut runner = Runner::new().workers(workers);
        let body = move || {
            ended.wait(2);
        };
        let limit = std::time::Duration::from_millis(50);
        runner.add("hangs", body).serial("db").timeout(limit);
        runner.add("next", || ()).serial("db");
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
        assert_eq!(report["next"].outcome(), Outcome::Passed);
        over.open();
    }
}

#[test]
fn a_task_that_runs_alone_overlaps_with_no_other() {
    for workers in WIDTHS {
        let (inside, log) = (Arc::new(AtomicUsize::new(0)), Log::default());
        let mut runner = Runner::new().workers(workers).retries(1);
        for task in 0..60 {
            let (inside, log) = (Arc::clone(&inside), log.clone());
            let is_alone = task % 4 == 0;
            let body = move || {
                let before = inside.fetch_add(1, Ordering::SeqCst);
                std::thread::yield_now();
                let after = inside.fetch_sub(1, Ordering::SeqCst);
                log.add(task);
                assert!(!is_alone || before == 0 && after == 1, "another one runs");
                // Ends of every kind let the others in, and so does a wait for the next attempt.
                assert_ne!(task % 5, 3, "on purpose");
            };
            let added = runner.add(task.to_string(), body);
            let added = if is_alone { added.alone() } else { added };
            let added = if task % 3 == 0 { added.serial("db") } else { added };
            if task % 2 == 0 {
                added.backoff(std::time::Duration::from_nanos(1));
            }
        }
        let report = watched(|| runner.run()).expect("a plan");
        let failures = report.tasks().iter().flat_map(concurra_core::TaskReport::retry_errors);
        let failures: Vec<_> = failures.map(|failure| failure.message).collect();
        assert!(!failures.iter().any(|message| message == "another one runs"), "{failures:?}");
        assert_eq!(report.counts().of(Outcome::Failed), 12);
        assert_eq!(log.all().len(), 60 + 12);
    }
}

#[test]
fn other_tasks_go_on_together_beside_a_waiting_task_that_runs_alone() {
    for workers in [2, 8] {
        let gate = Gate::default();
        let mut runner = Runner::new().workers(workers);
        runner.add("alone", || ()).alone();
        for name in ["a", "b"] {
            let gate = gate.clone();
            runner.add(name, move || gate.meet(2)).after(["alone"]);
        }
        runner.add("alone again", || ()).alone().after(["a", "b"]);
        assert_eq!(watched(|| runner.run()).expect("a plan").verify(), Ok(()));
    }
}

#[test]
fn a_task_that_runs_alone_and_timed_out_lets_the_others_run() {
    for workers in WIDTHS {
        let over = Gate::default();
        let ended = over.clone();
        let mut runner = Runner::new().workers(workers);
        let body = move || {
            ended.wait(2);
        };
        let limit = std::time::Duration::from_millis(50);
        runner.add("hangs", body).alone().timeout(limit);
        runner.add("next", || ()).alone();
        runner.add("free", || ());
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
        assert_eq!(report["next"].outcome(), Outcome::Passed);
        assert_eq!(report["free"].outcome(), Outcome::Passed);
        over.open();
    }
}

#[test]
fn a_stop_ends_tasks_that_wait_to_run_alone() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).fail_fast(true);
        runner.add("fails", || Err::<(), _>("no")).alone();
        for task in 0..20 {
            let added = runner.add(task.to_string(), || ());
            let added = if task % 2 == 0 { added.alone() } else { added };
            if task % 5 == 0 {
                added.always();
            }
        }
        let report = watched(|| runner.run()).expect("a plan");
        for task in [0, 5, 10, 15] {
            assert_eq!(report[task.to_string().as_str()].outcome(), Outcome::Passed, "{task}");
        }
    }
}

#[test]
fn always_tasks_run_after_every_outcome_of_their_dependencies() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        runner.add("fails", || Err::<(), _>("no"));
        runner.add("skipped", || ()).after(["fails"]);
        runner.add("cleans up", || 1).after(["skipped"]).always();
        runner.add("below", || 2).after(["cleans up"]);
        runner.add("both", || 3).after(["cleans up", "fails"]);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["cleans up"].outcome(), Outcome::Passed);
        assert_eq!(report["below"].outcome(), Outcome::Passed);
        assert_eq!(report["both"].cause().as_deref(), Some("fails failed"));
    }
}

#[test]
fn always_tasks_run_after_a_stop() {
    for workers in WIDTHS {
        for reason in [StopReason::Interrupt, StopReason::Terminate] {
            let mut runner = Runner::new().workers(workers);
            let canceller = runner.canceller();
            runner.add("stops", move || canceller.stop(reason));
            runner.add("waits", || ()).after(["stops", "always before"]);
            runner.add("always before", || ()).after(["stops"]).always();
            runner.add("always behind", || ()).after(["waits"]).always();
            runner.add("always", || ()).always().after(["always behind", "always before"]);
            let report = watched(|| runner.run()).expect("a plan");
            for name in ["always before", "always behind", "always"] {
                assert_eq!(report[name].outcome(), Outcome::Passed, "{name}");
            }
            assert!(!report.is_good());
        }
    }
}

#[test]
fn an_abort_after_an_interrupt_cancels_postponed_always_tasks() {
    for workers in WIDTHS {
        let over = Gate::default();
        let ended = over.clone();
        let mut runner = Runner::new().workers(workers);
        let canceller = runner.canceller();
        let body = move || {
            canceller.stop(StopReason::Interrupt);
            canceller.stop(StopReason::Abort);
            ended.wait(2);
        };
        runner.add("stops", body).always();
        runner.add("postponed", || ()).after(["stops"]).always();
        runner.add("waits", || ()).after(["stops"]);
        let report = watched(|| runner.run()).expect("a plan");
        over.open();
        assert_eq!(report.counts().of(Outcome::Cancelled), 3);
        assert_eq!(report.stopped(), Some(StopReason::Interrupt));
    }
}

#[test]
fn always_tasks_run_after_fail_fast() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).fail_fast(true);
        runner.add("fails", || Err::<(), _>("no"));
        runner.add("cleans up", || Err::<(), _>("also no")).after(["fails"]).always();
        runner.add("cleans up too", || ()).after(["cleans up"]).always();
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["cleans up"].outcome(), Outcome::Failed);
        assert_eq!(report["cleans up too"].outcome(), Outcome::Passed);
        assert_eq!(report.stopped(), Some(StopReason::Failures));
    }
}
