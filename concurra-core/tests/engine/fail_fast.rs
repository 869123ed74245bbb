//! Runs that stop when tasks failed.

use std::time::Duration;

use concurra_core::{Event, MaxFail, Outcome, Plan, Runner, StopReason};

use crate::support::{Gate, Log, WIDTHS, run};

#[test]
fn after_the_first_failure_nothing_more_starts() {
    for workers in WIDTHS {
        let log = Log::default();
        let mut runner = Runner::new().workers(workers).max_fail(MaxFail::immediate(1));
        runner.add("fails", || Err::<(), _>("no"));
        runner.add("below", || ()).after(["fails"]);
        for task in 0..1000 {
            let log = log.clone();
            // Behind the failure in another way than by waiting for it: never ready before it.
            runner.add(format!("unrelated {task}"), move || log.add(task)).after(["gate"]);
        }
        let gate = Gate::default();
        runner.add("gate", move || {
            // On one worker the failure comes first; else this one is abandoned while it waits.
            gate.pass();
        });
        let report = run(runner.grace(Duration::ZERO));
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
fn max_fail_stops_the_run_at_the_last_allowed_failure() {
    for workers in WIDTHS {
        let most = 3;
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
        let report = run(runner);
        let failed = report.counts().of(Outcome::Failed);
        // A failure that was under way when the third came may still count.
        assert!((3..3 + workers).contains(&failed), "{failed} on {workers} workers");
        assert_eq!(report.stopped(), Some(StopReason::Failures));
    }
}

#[test]
fn a_timeout_counts_as_a_failure() {
    for workers in WIDTHS {
        let (running, over) = (Gate::default(), [Gate::default(), Gate::default()]);
        let mut runner = Runner::new().workers(workers).grace(Duration::ZERO);
        runner = runner.max_fail(MaxFail::immediate(1));
        let ([hung, on], here) = (over.clone(), running.clone());
        let hangs = move || {
            // One worker comes to nothing else.
            if workers > 1 {
                here.pass();
            }
            hung.wait(2);
        };
        runner.add("hangs", hangs).timeout(Duration::from_millis(200));
        runner.add("runs on", move || {
            running.open();
            on.wait(2);
        });
        runner.add("below", || ()).after(["hangs"]);
        runner.add("behind", || ()).after(["runs on"]);
        let report = run(runner);
        over.iter().for_each(Gate::open);
        assert_eq!(report.stopped(), Some(StopReason::Failures));
        assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
        assert_eq!(report["below"].outcome(), Outcome::Skipped);
        assert_eq!(report["below"].cause().as_deref(), Some("hangs timed out"));
        for name in ["runs on", "behind"] {
            assert_eq!(report[name].outcome(), Outcome::Cancelled, "{name}");
            assert_eq!(report[name].cause().as_deref(), Some("stopped after hangs timed out"));
        }
    }
}

#[test]
fn of_two_tasks_that_fail_at_once_each_has_its_own_end() {
    for workers in WIDTHS {
        for _ in 0..50 {
            let (both, log) = (Gate::default(), Log::default());
            let mut runner = Runner::new().workers(workers).max_fail(MaxFail::immediate(1));
            for name in ["one", "other"] {
                let (both, log) = (both.clone(), log.clone());
                let body = move || {
                    // One worker has only one of them at a time.
                    both.meet(workers.min(2));
                    Err::<(), _>("no")
                };
                runner.add(name, body);
                runner.add(format!("below {name}"), move || log.add(name)).after([name]);
            }
            let report = run(runner);
            assert_eq!(report.stopped(), Some(StopReason::Failures));
            assert!(log.all().is_empty(), "{:?} had a dependent that ran", log.all());
            assert!(report.counts().of(Outcome::Failed) > 0, "{}", report.counts());
            for name in ["one", "other"] {
                let below = &report[format!("below {name}").as_str()];
                let ends = (report[name].outcome(), below.outcome());
                let failed = (Outcome::Failed, Outcome::Skipped);
                assert!(
                    [failed, (Outcome::Cancelled, Outcome::Cancelled)].contains(&ends),
                    "{ends:?}"
                );
            }
        }
    }
}

#[test]
fn running_tasks_may_finish_and_nothing_is_retried_after_the_stop() {
    for workers in [3, 8] {
        let (all, stopped) = (Gate::default(), Gate::default());
        let (log, opens) = (Log::default(), stopped.clone());
        let on_stop = move |_: &Plan, event: &Event| {
            if let Event::Stopping { cancels, .. } = event {
                assert!(!cancels);
                opens.open();
                opens.open();
            }
        };
        let mut runner = Runner::new().workers(workers).fail_fast(true);
        runner = runner.observe(Box::new(on_stop));
        for (name, result) in [("passes late", Ok(())), ("fails late", Err("no"))] {
            let (all, stopped, log) = (all.clone(), stopped.clone(), log.clone());
            let body = move || {
                all.meet(3);
                stopped.meet(3);
                log.add(name);
                result
            };
            runner.add(name, body).retries(3);
        }
        let all = all.clone();
        runner.add("fails", move || {
            all.meet(3);
            Err::<(), _>("no")
        });
        let report = run(runner);
        assert_eq!(log.all().len(), 2, "{:?}", log.all());
        assert_eq!(report["passes late"].outcome(), Outcome::Passed);
        assert_eq!(report["fails late"].outcome(), Outcome::Failed);
        assert_eq!(report["fails late"].attempts(), 1);
        assert_eq!(report.stopped(), Some(StopReason::Failures));
    }
}
