//! Runs in the background, and their abort.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use concurra_core::{Outcome, Runner, StopReason};

use crate::support::{Gate, WIDTHS, watched};

#[test]
fn a_run_can_be_looked_at_while_it_runs() {
    for workers in WIDTHS {
        let (running, over) = (Gate::default(), Gate::default());
        let mut runner = Runner::new().workers(workers);
        runner.add("before", || 1);
        let (here, ended) = (running.clone(), over.clone());
        let body = move || {
            here.open();
            ended.pass();
        };
        runner.add("runs", body).after(["before"]);
        runner.add("behind", || ()).after(["runs"]);
        let run = runner.start().expect("a plan");
        running.pass();
        assert!(run.is_running());
        assert_eq!(run.active(), ["runs"]);
        let progress = run.progress();
        assert_eq!((progress.total, progress.done, progress.active), (3, 1, 1));
        over.open();
        let report = watched(|| run.wait());
        assert_eq!(report.verify(), Ok(()));
    }
}

#[test]
fn an_abort_gives_the_whole_report_at_once() {
    for workers in [2, 8] {
        let (running, over) = (Gate::default(), Gate::default());
        let late = Arc::new(AtomicBool::new(false));
        let mut runner = Runner::new().workers(workers);
        runner.add("finished", || 1);
        let (here, ended, mark) = (running.clone(), over.clone(), Arc::clone(&late));
        let body = move || {
            here.open();
            ended.pass();
            mark.store(true, Ordering::Release);
            2
        };
        runner.add("running", body).after(["finished"]);
        runner.shell("command", "exec sleep 1000").after(["finished"]);
        runner.add("pending", || 3).after(["running"]);
        runner.add("cleans up", || 4).after(["running"]).always();
        let run = runner.start().expect("a plan");
        running.pass();
        let begun = Instant::now();
        let report = watched(|| run.abort());
        assert!(begun.elapsed() < Duration::from_secs(4), "an abort waits for nothing");
        assert_eq!(report.stopped(), Some(StopReason::Abort));
        assert_eq!(*report["finished"].result::<i32>().expect("it passed"), 1);
        for name in ["running", "command", "pending", "cleans up"] {
            assert_eq!(report[name].outcome(), Outcome::Cancelled, "{name}");
            assert_eq!(report[name].cause().as_deref(), Some("aborted"), "{name}");
        }
        let before = report.to_string();
        over.open();
        while !late.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        assert_eq!(report.to_string(), before, "a late end changed the report");
        assert!(report["running"].result::<i32>().is_err());
    }
}

#[test]
fn an_aborted_run_that_was_over_stays_as_it_was() {
    let mut runner = Runner::new();
    runner.add("quick", || 1);
    let run = runner.start().expect("a plan");
    while run.is_running() {
        std::thread::yield_now();
    }
    let report = run.abort();
    assert_eq!(report.verify(), Ok(()));
}

#[test]
fn a_run_that_is_dropped_goes_on() {
    let over = Gate::default();
    let ended = over.clone();
    let mut runner = Runner::new();
    runner.add("goes on", move || ended.open());
    drop(runner.start().expect("a plan"));
    over.pass();
}

#[test]
fn runs_in_the_background_side_by_side() {
    let gate = Gate::default();
    let run = |gate: &Gate| {
        let gate = gate.clone();
        let mut runner = Runner::new().workers(1);
        runner.add("meets", move || gate.meet(2));
        runner.start().expect("a plan")
    };
    let (one, other) = (run(&gate), run(&gate));
    assert!(watched(|| one.wait()).is_good() && watched(|| other.wait()).is_good());
}

#[test]
fn a_wrong_plan_starts_nothing() {
    let mut runner = Runner::new();
    runner.add("a", || -> () { panic!("it ran") }).after(["b"]);
    assert!(runner.start().is_err());
}
