//! What may run at once does, and no more than that.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use concurra_core::Runner;

use crate::support::{Gate, Random, WIDTHS, names, watched};

/// Long enough for idle workers to fall asleep; the test proves nothing by it.
const UNTIL_OTHERS_SLEEP: Duration = Duration::from_millis(30);

#[test]
fn independent_tasks_overlap() {
    for workers in WIDTHS {
        let gate = Gate::default();
        let mut runner = Runner::new().workers(workers);
        for task in 0..workers {
            let gate = gate.clone();
            runner.add(task.to_string(), move || gate.meet(workers));
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}

#[test]
fn dependents_of_one_task_overlap_although_everyone_else_slept() {
    for workers in [1, 2, 3, 4, 8] {
        let gate = Gate::default();
        let mut runner = Runner::new().workers(workers);
        runner.add("root", || thread::sleep(UNTIL_OTHERS_SLEEP));
        for task in 0..workers {
            let gate = gate.clone();
            runner.add(task.to_string(), move || gate.meet(workers)).after(["root"]);
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}

#[test]
fn tasks_set_free_by_the_end_of_a_long_one_overlap_with_another_long_one() {
    // One worker is kept busy all the time, so what is released must find the sleeping ones.
    for workers in [2, 3, 4, 8] {
        let (gate, over) = (Gate::default(), Gate::default());
        let mut runner = Runner::new().workers(workers);
        let waits = over.clone();
        runner.add("busy", move || waits.pass());
        runner.add("root", || thread::sleep(UNTIL_OTHERS_SLEEP));
        for task in 1..workers {
            let gate = gate.clone();
            let meet = move || gate.meet(workers - 1);
            runner.add(format!("part {task}"), meet).after(["root"]);
        }
        let parts = (1..workers).map(|task| format!("part {task}"));
        runner.add("end", move || over.open()).after(parts);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}

#[test]
fn never_more_than_the_workers_at_once() {
    for workers in WIDTHS {
        let running = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let needs = Random::new(3).needs(400, 1);
        let mut runner = Runner::new().workers(workers);
        for (task, row) in needs.iter().enumerate() {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            let body = move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                (0..5).for_each(|_| thread::yield_now());
                running.fetch_sub(1, Ordering::SeqCst);
            };
            runner.add(task.to_string(), body).after(names(row));
        }
        watched(|| runner.run()).expect("a plan");
        let most = most.load(Ordering::SeqCst);
        assert!((1..=workers).contains(&most), "{most} at once on {workers} workers");
    }
}

#[test]
fn a_slow_branch_does_not_hold_a_fast_one() {
    // With a barrier between layers the fast branch would wait for the slow task, which waits for
    // the end of the fast branch.
    for workers in [2, 8] {
        let gate = Gate::default();
        let mut runner = Runner::new().workers(workers);
        let slow = gate.clone();
        runner.add("slow", move || slow.pass());
        runner.add("fast 0", || ());
        for step in 1..50 {
            runner.add(format!("fast {step}"), || ()).after([format!("fast {}", step - 1)]);
        }
        runner.add("end", move || gate.open()).after(["fast 49"]);
        runner.add("behind", || ()).after(["slow"]);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}

#[test]
fn a_long_first_root_does_not_keep_the_others_to_itself() {
    // Roots are handed out a few at a time; those beside a long one must find other workers.
    for workers in [2, 3, 8] {
        let gate = Gate::default();
        let mut runner = Runner::new().workers(workers);
        let long = gate.clone();
        let roots = 500;
        runner.add("long", move || long.meet(roots + 1));
        for task in 0..roots {
            let gate = gate.clone();
            runner.add(task.to_string(), move || gate.open());
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}
