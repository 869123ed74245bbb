//! Runs in the background, and their abort.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use concurra_core::{Outcome, Runner, State, StopReason, skip};
use serde_json::Value as Json;

use crate::aftermath::{spin, wait_until_idle};
use crate::leftovers::{ends, number};
use crate::support::{Gate, Scratch, WIDTHS, watched};

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
fn a_run_that_was_waited_for_has_its_results_and_its_state() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        runner.add("load", || vec![1, 2, 3]);
        let sum = |state: &State| {
            let loaded = state.result::<Vec<i32>>("load").map_err(|error| error.to_string())?;
            state.insert("rows", loaded.len());
            Ok::<i32, String>(loaded.iter().sum())
        };
        runner.add_with_state("sum", sum).after(["load"]);
        runner.add("fails", || Err::<(), _>("no"));
        let run = runner.start().expect("a plan");
        let report = watched(|| run.wait());
        assert_eq!(*report["sum"].result::<i32>().expect("it passed"), 6);
        assert_eq!(*report.state().get::<usize>("rows").expect("it is there"), 3);
        assert_eq!(report["fails"].error().as_deref(), Some("no"));
    }
}

#[test]
fn an_abort_returns_the_complete_report_at_once() {
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

/// A body that begins, waits to be let go, and ends in some way.
fn held<R>(end: impl Fn() -> R) -> (Gate, Gate, impl FnMut() -> R) {
    let (begun, over) = (Gate::default(), Gate::default());
    let (here, ended) = (begun.clone(), over.clone());
    let body = move || {
        here.open();
        ended.pass();
        end()
    };
    (begun, over, body)
}

#[test]
fn late_results_do_not_change_an_aborted_report() {
    let ends: [fn() -> Result<i32, String>; 4] =
        [|| Ok(7), || Err("late".to_owned()), || panic!("too late"), || skip("later than late")];
    for workers in WIDTHS {
        for end in ends {
            for retries in [0, 3] {
                let (begun, over, body) = held(end);
                let mut runner = Runner::new().workers(workers);
                runner.add("goes on", body).retries(retries);
                runner.add("behind", || ()).after(["goes on"]);
                let run = runner.start().expect("a plan");
                begun.pass();
                let report = watched(|| run.abort());
                let told = (report.to_json(), report.to_string());
                assert_eq!(report["goes on"].outcome(), Outcome::Cancelled);
                over.open();
                wait_until_idle(&report);
                assert_eq!((report.to_json(), report.to_string()), told);
            }
        }
    }
}

#[test]
fn an_aborted_report_does_not_change_when_a_command_was_writing() {
    for workers in WIDTHS {
        let begun = Scratch::new("writing");
        let mut runner = Runner::new().workers(workers);
        let line = format!("echo $$ > '{}'; while echo more; do :; done", begun.display());
        runner.shell("writes", line).retries(3);
        let run = runner.start().expect("a plan");
        let writer = number(&begun);
        let report = watched(|| run.abort());
        let told = (report.to_json(), report["writes"].output());
        assert_eq!(report["writes"].outcome(), Outcome::Cancelled);
        wait_until_idle(&report);
        assert!(ends(writer), "the command lives on");
        assert!(told == (report.to_json(), report["writes"].output()), "what it wrote came late");
    }
}

/// The entries that differ between two reports, by task and name.
fn changed(one: &Json, other: &Json) -> Vec<String> {
    let tasks = |report: &Json| report["tasks"].as_array().expect("a list").clone();
    let mut changed = Vec::new();
    for (one, other) in tasks(one).iter().zip(&tasks(other)) {
        let entries = one.as_object().expect("an object").iter();
        let differs = |(name, value): &(&String, &Json)| other[name.as_str()] != **value;
        changed.extend(entries.filter(differs).map(|(name, _)| format!("{} {name}", one["name"])));
    }
    changed
}

#[test]
fn an_aborted_report_does_not_change_whenever_the_abort_comes() {
    for round in 0..150 {
        let mut runner = Runner::new().workers(WIDTHS[round % 3]);
        // Most of the time each is between two attempts, or about to begin or to end.
        runner.add("fails", || Err::<(), _>("no")).retries(u32::MAX);
        let backoff = Duration::from_micros(1);
        runner.add("waits", || Err::<(), _>("no")).retries(u32::MAX).backoff(backoff);
        for task in 0..30 {
            let added = runner.add(format!("short {task}"), move || task).retries(1);
            if task > 0 {
                added.after([format!("short {}", task - 1)]);
            }
        }
        let run = runner.start().expect("a plan");
        spin(round, Duration::from_micros(10));
        let report = watched(|| run.abort());
        let told = report.to_json();
        wait_until_idle(&report);
        assert_eq!(changed(&told, &report.to_json()), [""; 0], "in round {round}");
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
