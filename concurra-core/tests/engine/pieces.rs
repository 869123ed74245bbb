//! Bodies that use rayon themselves.

use std::cell::Cell;
use std::thread;
use std::time::Duration;

use concurra_core::{Outcome, Runner};
use rayon::prelude::*;

use crate::support::{Gate, WIDTHS, watched};

thread_local! {
    /// How many bodies are under way on this thread.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Runs a body and panics when another one is under way on the same thread.
fn alone(body: impl FnOnce()) {
    assert_eq!(DEPTH.replace(1), 0, "a task runs inside another one's body");
    body();
    DEPTH.set(0);
}

fn busy_for(time: Duration) {
    let begun = std::time::Instant::now();
    while begun.elapsed() < time {
        std::hint::spin_loop();
    }
}

#[test]
fn no_task_runs_inside_a_body_that_waits_for_its_pieces() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        for task in 0..60 {
            let body = move || {
                alone(|| {
                    let piece = |_| busy_for(Duration::from_micros(50));
                    (0..20).into_par_iter().with_max_len(1).for_each(piece);
                    rayon::join(|| (), || busy_for(Duration::from_micros(200)));
                });
            };
            let added = runner.add(task.to_string(), body);
            if task >= 30 {
                added.after([(task - 30).to_string()]);
            }
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}

#[test]
fn other_threads_run_pieces_of_a_body() {
    for workers in WIDTHS {
        let gate = Gate::default();
        let mut runner = Runner::new().workers(workers);
        runner.add("pieces", move || {
            rayon::scope(|scope| {
                (0..workers).for_each(|_| scope.spawn(|_| gate.meet(workers)));
            });
        });
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}

#[test]
fn threads_that_sleep_wake_up_for_pieces() {
    for workers in WIDTHS {
        let gate = Gate::default();
        let mut runner = Runner::new().workers(workers);
        runner.add("pieces", move || {
            // Lets the other threads fall asleep; the test proves nothing by this.
            thread::sleep(Duration::from_millis(30));
            (0..workers).into_par_iter().with_max_len(1).for_each(|_| gate.meet(workers));
        });
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}

#[test]
fn tasks_need_no_thread_on_which_spawned_work_hangs() {
    for workers in [2, 3, 4, 8] {
        let (stuck, over, gate) = (Gate::default(), Gate::default(), Gate::default());
        let mut runner = Runner::new().workers(workers);
        let (begun, ended) = (stuck.clone(), over.clone());
        runner.add("root", move || {
            // Lets the other threads fall asleep.
            thread::sleep(Duration::from_millis(30));
            let (begun, ended) = (begun.clone(), ended.clone());
            rayon::spawn(move || {
                begun.open();
                // A panic in spawned work would end the process.
                ended.wait(2);
            });
            stuck.pass();
        });
        for task in 0..workers {
            let gate = gate.clone();
            runner.add(task.to_string(), move || gate.meet(workers)).after(["root"]);
        }
        let all = (0..workers).map(|task| task.to_string());
        runner.add("end", move || over.open()).after(all);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}

#[test]
fn a_run_needs_no_thread_on_which_work_of_an_earlier_run_hangs() {
    for workers in WIDTHS {
        let (begun, over) = (Gate::default(), Gate::default());
        let (here, ended) = (begun.clone(), over.clone());
        let mut runner = Runner::new().workers(workers);
        runner.add("spawns", move || {
            for _ in 0..workers {
                let (here, ended) = (here.clone(), ended.clone());
                rayon::spawn(move || {
                    here.open();
                    ended.wait(workers + 1);
                });
            }
        });
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()));
        begun.meet(workers + 1);
        let gate = Gate::default();
        let mut next = Runner::new().workers(workers);
        for task in 0..workers {
            let gate = gate.clone();
            next.add(task.to_string(), move || gate.meet(workers));
        }
        let started = std::time::Instant::now();
        let report = watched(|| next.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
        assert!(started.elapsed() < Duration::from_secs(5), "it waited for the earlier run's work");
        over.open();
    }
}

#[test]
fn a_panic_in_a_piece_fails_the_task_alone() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        runner.add("pieces", || {
            (0..100).into_par_iter().for_each(|piece| assert_ne!(piece, 57, "piece 57"));
        });
        runner.add("other", || ());
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["pieces"].outcome(), Outcome::Failed);
        let failure = report["pieces"].failure().expect("it failed");
        assert!(failure.message.contains("piece 57"), "{failure}");
        // The piece may have run on another worker's thread.
        let place = failure.place.expect("a panic has a place");
        assert!(place.contains("pieces.rs:"), "{place}");
        assert_eq!(report["other"].outcome(), Outcome::Passed);
    }
}

#[test]
fn a_run_does_not_wait_for_work_that_bodies_spawned() {
    for workers in WIDTHS {
        let (begun, over) = (Gate::default(), Gate::default());
        let mut runner = Runner::new().workers(workers);
        let (here, ended) = (begun.clone(), over.clone());
        runner.add("spawns", move || {
            let (here, ended) = (here.clone(), ended.clone());
            rayon::spawn(move || {
                here.open();
                ended.wait(2);
            });
        });
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()));
        assert!(report.warnings().is_empty(), "{:?}", report.warnings());
        // The spawned work would wait in vain for its gate if the run had waited for that work.
        begun.pass();
        over.open();
    }
}
