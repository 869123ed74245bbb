//! Large graphs, and many runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use concurra_core::Runner;

use crate::support::{WIDTHS, watched};

const MILLION: usize = 1_000_000;

#[test]
fn a_chain_of_a_million_overflows_nothing() {
    for workers in WIDTHS {
        let ran = Arc::new(AtomicUsize::new(0));
        let mut runner = Runner::new().workers(workers);
        for task in 0..MILLION {
            let ran = Arc::clone(&ran);
            let in_turn = move || assert_eq!(ran.fetch_add(1, Ordering::Relaxed), task);
            let added = runner.add(task.to_string(), in_turn);
            if task > 0 {
                added.after([(task - 1).to_string()]);
            }
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.counts().to_string(), "1000000 passed", "{workers} workers");
    }
}

#[test]
fn a_million_that_wait_for_nothing_all_run() {
    for workers in WIDTHS {
        let ran = Arc::new(AtomicUsize::new(0));
        let mut runner = Runner::new().workers(workers);
        for task in 0..MILLION {
            let ran = Arc::clone(&ran);
            runner.add(task.to_string(), move || ran.fetch_add(1, Ordering::Relaxed));
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.counts().to_string(), "1000000 passed", "{workers} workers");
        assert_eq!(ran.load(Ordering::Relaxed), MILLION);
    }
}

#[test]
fn a_failure_at_the_head_of_a_long_chain_skips_all_of_it() {
    for workers in WIDTHS {
        let tasks = 200_000;
        let mut runner = Runner::new().workers(workers);
        runner.add("0", || Err::<(), _>("no"));
        for task in 1..tasks {
            runner.add(task.to_string(), || ()).after([(task - 1).to_string()]);
        }
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.counts().to_string(), "0 passed, 1 failed, 199999 skipped");
        assert_eq!(report["199999"].cause().as_deref(), Some("0 failed"));
    }
}

#[test]
fn a_thousand_runs_in_a_row() {
    for workers in WIDTHS {
        watched(move || {
            for _ in 0..1000 {
                let mut runner = Runner::new().workers(workers);
                runner.add("a", || 1);
                runner.add("b", || 2).after(["a"]);
                runner.add("c", || 3).after(["a"]);
                runner.add("d", || 4).after(["b", "c"]);
                let report = runner.run().expect("a plan");
                assert_eq!(report.counts().to_string(), "4 passed");
            }
        });
    }
}

#[test]
fn a_small_run_with_a_huge_number_of_workers_is_fast() {
    let mut runner = Runner::new().workers(1_000_000);
    for task in 0..10 {
        runner.add(task.to_string(), || ());
    }
    let report = watched(|| runner.run()).expect("a plan");
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(report.warnings(), [""; 0]);
}
