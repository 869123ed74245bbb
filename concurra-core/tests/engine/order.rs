//! Nothing starts before what it waits for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use concurra_core::{Runner, State};

use crate::support::{Log, Random, WIDTHS, names, watched};

#[test]
fn dependents_never_start_early() {
    for workers in WIDTHS {
        for seed in 0..10 {
            let needs = Random::new(seed).needs(300, 4);
            let ended: Arc<[AtomicBool]> = needs.iter().map(|_| AtomicBool::new(false)).collect();
            let mut runner = Runner::new().workers(workers);
            for (task, row) in needs.into_iter().enumerate() {
                let (ended, needed) = (Arc::clone(&ended), row.clone());
                let body = move || {
                    let early = needed.iter().find(|need| !ended[**need].load(Ordering::Relaxed));
                    assert_eq!(early, None, "{task} started early");
                    assert!(!ended[task].swap(true, Ordering::Relaxed), "{task} ran twice");
                };
                runner.add(task.to_string(), body).after(names(&row));
            }
            let report = watched(|| runner.run()).expect("a plan");
            assert_eq!(report.verify(), Ok(()), "{workers} workers, seed {seed}");
            assert_eq!(report.counts().to_string(), "300 passed");
        }
    }
}

#[test]
fn results_are_there_before_any_dependent_starts() {
    for workers in WIDTHS {
        let needs = Random::new(7).needs(300, 4);
        let mut runner = Runner::new().workers(workers);
        for (task, row) in needs.into_iter().enumerate() {
            let needed = row.clone();
            let body = move |state: &State| {
                for need in &needed {
                    let result = state.result::<String>(&need.to_string()).map_err(Box::new)?;
                    assert_eq!(*result, format!("of {need}"));
                }
                Ok::<_, Box<concurra_core::ResultError>>(format!("of {task}"))
            };
            runner.add_with_state(task.to_string(), body).after(names(&row));
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers");
        assert_eq!(*report["17"].result::<String>().expect("passed"), "of 17");
    }
}

#[test]
fn one_worker_runs_ready_tasks_in_source_order() {
    for seed in 0..20 {
        let needs = Random::new(seed).needs(100, 3);
        let log = Log::default();
        let mut runner = Runner::new().workers(1);
        for (task, row) in needs.iter().enumerate() {
            let log = log.clone();
            runner.add(task.to_string(), move || log.add(task)).after(names(row));
        }
        watched(|| runner.run()).expect("a plan");
        let mut expected: Vec<usize> = Vec::new();
        let ready = |done: &[usize], task: usize| {
            !done.contains(&task) && needs[task].iter().all(|need| done.contains(need))
        };
        while let Some(next) = (0..needs.len()).find(|task| ready(&expected, *task)) {
            expected.push(next);
        }
        assert_eq!(log.all(), expected, "seed {seed}");
    }
}

#[test]
fn every_task_tells_its_worker_and_when_it_ran() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        runner.add("first", || ());
        runner.add("second", || ()).after(["first"]);
        let report = watched(|| runner.run()).expect("a plan");
        let [first, second] = [&report["first"], &report["second"]];
        let end = first.end().started.expect("it ran") + first.duration().expect("it ran");
        assert!(end <= second.end().started.expect("it ran"));
        assert!(report.tasks().iter().all(|task| task.end().worker.is_some_and(|at| at < workers)));
    }
}

#[test]
fn zero_workers_mean_one() {
    let mut runner = Runner::new().workers(0);
    runner.add("a", || ());
    let planned = runner.plan().expect("a plan");
    assert_eq!(planned.workers(), 1);
    assert!(watched(|| planned.run()).is_good());
}
