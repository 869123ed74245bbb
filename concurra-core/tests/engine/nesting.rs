//! Runs inside bodies, and runs side by side.

use std::sync::Arc;
use std::thread;

use concurra_core::{Outcome, Runner, State};

use crate::support::{Gate, WIDTHS, watched};

/// A run that sums what its tasks give, by its result and not by its state.
fn small_run(workers: usize) -> i32 {
    let mut runner = Runner::new().workers(workers);
    for task in 0..10 {
        runner.add(task.to_string(), move || task);
    }
    let sum = |state: &State| {
        let result = |task: i32| *state.result::<i32>(&task.to_string()).expect("passed");
        (0..10).map(result).sum::<i32>()
    };
    runner.add_with_state("sum", sum).after((0..10).map(|task| task.to_string()));
    let report = runner.run().expect("a plan");
    *report["sum"].result::<i32>().expect("passed")
}

#[test]
fn a_run_inside_every_body() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        for task in 0..20 {
            runner.add(task.to_string(), move || assert_eq!(small_run(workers), 45));
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
    }
}

fn nested(depth: usize, workers: usize) -> usize {
    let mut runner = Runner::new().workers(workers);
    runner.add("inner", move || if depth == 0 { 0 } else { nested(depth - 1, workers) + 1 });
    let report = runner.run().expect("a plan");
    *report["inner"].result::<usize>().expect("passed")
}

#[test]
fn runs_inside_runs_inside_runs() {
    for workers in WIDTHS {
        assert_eq!(watched(move || nested(8, workers)), 8);
    }
}

#[test]
fn runs_side_by_side_have_workers_of_their_own() {
    for workers in WIDTHS {
        let gate = Gate::default();
        let run = move || {
            let mut runner = Runner::new().workers(workers);
            let here = gate.clone();
            runner.add("a", move || here.meet(3));
            runner.run().expect("a plan").is_good()
        };
        watched(move || {
            let runs: Vec<_> = (0..3).map(|_| thread::spawn(run.clone())).collect();
            runs.into_iter().for_each(|run| assert!(run.join().expect("no panic")));
        });
    }
}

#[test]
fn a_report_keeps_its_results_when_its_state_goes_into_another_run() {
    let state = Arc::new(State::default());
    let run = |result: i32| {
        let mut runner = Runner::new().workers(2).state(Arc::clone(&state));
        runner.add("a", move || result);
        runner.run().expect("a plan")
    };
    let (first, second) = (run(1), run(2));
    assert_eq!(*first["a"].result::<i32>().expect("passed"), 1);
    assert_eq!(*second["a"].result::<i32>().expect("passed"), 2);
    assert_eq!(*state.result::<i32>("a").expect("passed"), 2, "the state is the later run's");
}

#[test]
fn a_report_has_the_state_of_its_run() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        for task in 0..100 {
            let count = |state: &State| state.update("n", || 0, |n: &mut u32| *n += 1);
            runner.add_with_state(task.to_string(), count);
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(*report.state().get::<u32>("n").expect("there"), 100);
        assert_eq!(report["5"].outcome(), Outcome::Passed);
    }
}
