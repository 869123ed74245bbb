//! The ways in which a body ends, and what they mean for those behind it.

use std::error::Error;
use std::fmt;
use std::panic::{panic_any, resume_unwind};
use std::sync::Arc;

use concurra_core::{Around, Failure, Outcome, PlannedTask, Report, Runner, skip};

use crate::support::{WIDTHS, watched};

#[derive(Debug)]
struct Outer(Inner);

#[derive(Debug)]
struct Inner;

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot load")
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such file")
    }
}

impl Error for Inner {}

/// Calls bodies, or panics in their place.
struct Stumbles;

impl Around for Stumbles {
    fn run(&self, _: usize, task: &PlannedTask, body: &mut dyn FnMut()) {
        assert_ne!(task.name(), "before", "around it");
        body();
        assert_ne!(task.name(), "after", "around it");
    }
}

#[test]
fn a_panic_around_a_body_fails_its_task_alone() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        for name in ["before", "after", "other"] {
            runner.add(name, || 1);
        }
        let mut planned = runner.plan().expect("a plan");
        planned.around(Arc::new(Stumbles));
        let report = watched(|| planned.run());
        for name in ["before", "after"] {
            let failure = report[name].failure().expect("it failed");
            assert!(failure.message.contains("around it"), "{failure}");
        }
        assert_eq!(report["other"].outcome(), Outcome::Passed);
    }
}

/// Is its own cause.
#[derive(Debug)]
struct Endless;

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("and so on")
    }
}

impl Error for Endless {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&Endless)
    }
}

#[test]
fn an_endless_chain_of_causes_is_cut() {
    let mut runner = Runner::new();
    runner.add("fails", || Err::<(), _>(Endless));
    let report = watched(|| runner.run()).expect("a plan");
    let causes = report["fails"].failure().expect("it failed").causes;
    assert_eq!(causes.len(), 100);
    assert_eq!(causes[98], "and so on");
    assert_eq!(causes[99], "… (more causes)");
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the payload's own drop");
    }
}

/// Runs tasks that wait for nothing, beside one that passes.
fn run(workers: usize, add: impl FnOnce(&mut Runner)) -> Report {
    let mut runner = Runner::new().workers(workers);
    add(&mut runner);
    runner.add("bystander", || ());
    let report = watched(|| runner.run()).expect("a plan");
    assert_eq!(report["bystander"].outcome(), Outcome::Passed);
    report
}

fn failure(report: &Report, task: &str) -> Failure {
    assert_eq!(report[task].outcome(), Outcome::Failed, "{task}");
    report[task].failure().expect("a failed task says why")
}

#[test]
fn panics_fail_their_task_with_message_and_place() {
    for workers in WIDTHS {
        let report = run(workers, |runner| {
            runner.add("text", || -> () { panic!("plain") });
            runner.add("format", || -> () { panic!("number {}", 7) });
            runner.add("value", || -> () { panic_any(42) });
            runner.add("unwrap", || -> i32 { "x".parse().unwrap() });
        });
        for (task, message) in [
            ("text", "panicked: plain"),
            ("format", "panicked: number 7"),
            ("value", "panicked: a value that is not text (panic_any)"),
        ] {
            let failure = failure(&report, task);
            assert_eq!(failure.message, message);
            let place = failure.place.expect("a panic has a place");
            assert!(place.contains("endings.rs:"), "{place}");
        }
        assert!(failure(&report, "unwrap").message.contains("InvalidDigit"));
        assert!(!report.is_good());
        assert!(report.verify().unwrap_err().to_string().contains("panicked: plain"));
    }
}

#[test]
fn a_payload_whose_drop_panics_does_no_harm() {
    for workers in WIDTHS {
        let report = run(workers, |runner| {
            (0..20).for_each(|task| {
                runner.add(format!("bomb {task}"), || -> () { panic_any(Bomb) });
            });
        });
        assert_eq!(report.counts().to_string(), "1 passed, 20 failed");
    }
}

#[test]
fn a_body_whose_captured_value_panics_when_dropped_fails_alone() {
    for workers in WIDTHS {
        let report = run(workers, |runner| {
            let bomb = Bomb;
            runner.add("captured", move || {
                let _ = &bomb;
            });
        });
        assert_eq!(failure(&report, "captured").message, "panicked: the payload's own drop");
    }
}

#[test]
fn a_caught_panic_does_not_change_the_place_of_a_later_failure() {
    for workers in WIDTHS {
        let report = run(workers, |runner| {
            runner.add("catches", || drop(std::panic::catch_unwind(|| panic!("inner"))));
            let rethrow = || -> () { resume_unwind(Box::new("without a hook")) };
            // After each other on one worker, and both in one body.
            runner.add("rethrows", rethrow).after(["catches"]);
            runner.add("both", move || {
                drop(std::panic::catch_unwind(|| panic!("inner")));
            });
        });
        let rethrown = failure(&report, "rethrows");
        assert_eq!(rethrown.message, "panicked: without a hook");
        assert_eq!(rethrown.place, None, "the place of another task's panic");
        assert_eq!(report["both"].outcome(), Outcome::Passed);
    }
}

#[test]
fn errors_come_with_their_causes() {
    for workers in WIDTHS {
        let report = run(workers, |runner| {
            runner.add("chain", || Err::<(), _>(Outer(Inner)));
            runner.add("text", || Err::<i32, _>("just text"));
            runner.add("boxed", || Err::<(), Box<dyn Error + Send + Sync>>(Outer(Inner).into()));
        });
        assert_eq!(failure(&report, "chain").to_string(), "cannot load: no such file");
        assert_eq!(failure(&report, "boxed").causes, ["no such file"]);
        assert_eq!(failure(&report, "text"), Failure::message("just text"));
        let error = report["text"].result::<i32>().unwrap_err();
        assert_eq!(error.to_string(), r#"task "text" has no result: it ended as failed"#);
    }
}

#[test]
fn skips_carry_their_reason_down() {
    for workers in WIDTHS {
        let report = run(workers, |runner| {
            runner.add("board", || -> () { skip("no board") });
            runner.add("uses", || ()).after(["board"]);
            runner.add("far", || ()).after(["uses"]);
        });
        assert_eq!(report["board"].outcome(), Outcome::Skipped);
        assert_eq!(report["board"].cause().as_deref(), Some("no board"));
        for task in ["uses", "far"] {
            assert_eq!(report[task].outcome(), Outcome::Skipped);
            assert_eq!(report[task].cause().as_deref(), Some("board skipped: no board"));
            assert_eq!(report[task].end().root, Some(report["board"].end().task));
        }
        assert!(report.is_good(), "a skip alone is no failure");
    }
}

#[test]
fn a_failure_skips_its_dependents_alone() {
    for workers in WIDTHS {
        let report = run(workers, |runner| {
            runner.add("a", || ());
            runner.add("late failure", || -> () { panic!("late") }).after(["a"]);
            runner.add("failure", || -> () { panic!("early") });
            runner.add("under one", || ()).after(["failure"]);
            runner.add("under both", || ()).after(["under one", "late failure"]);
            runner.add("below", || ()).after(["under both", "a"]);
            runner.add("beside", || ()).after(["a"]);
        });
        assert_eq!(report.counts().to_string(), "3 passed, 2 failed, 3 skipped");
        assert_eq!(report["under one"].cause().as_deref(), Some("failure failed"));
        // The first root in source order, whichever failed first.
        for task in ["under both", "below"] {
            assert_eq!(report[task].cause().as_deref(), Some("late failure failed"));
        }
        assert_eq!(report["below"].duration(), None, "it never started");
        assert_eq!(report["below"].end().worker, None);
    }
}

#[test]
fn dependents_run_when_asked_to() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).run_dependents(true);
        runner.add("a", || -> () { panic!("no") });
        runner.add("b", || -> () { skip("why") }).after(["a"]);
        runner.add("c", || ()).after(["b"]);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["a"].outcome(), Outcome::Failed);
        assert_eq!(report["b"].cause().as_deref(), Some("why"));
        assert_eq!(report["b"].end().root, None, "it was not skipped on another's account");
        assert_eq!(report["c"].outcome(), Outcome::Passed);
        assert!(!report.is_good());
    }
}

#[test]
fn a_boxed_error_of_any_kind_fails_a_closure_with_its_causes() {
    fn load<E: From<Outer>>() -> Result<u8, E> {
        Err(Outer(Inner).into())
    }
    let mut runner = Runner::new();
    runner.add("boxed", load::<Box<dyn Error>>);
    runner.add("sendable", || {
        load::<Box<dyn Error + Send + Sync>>().map_err(|it| it as Box<dyn Error + Send>)
    });
    runner.add("shared", load::<Box<dyn Error + Send + Sync>>);
    runner.add_with_state("with state", |_| load::<Box<dyn Error>>());
    runner.add_unnamed(load::<Box<dyn Error>>);
    runner.add_all(["one", "two"].map(|name| (name, load::<Box<dyn Error>>)));
    let report = watched(|| runner.run()).expect("a plan");
    for task in report.tasks() {
        let failure = task.failure().expect("it failed");
        let said = (failure.message.as_str(), failure.causes.as_slice());
        assert_eq!(said, ("cannot load", &["no such file".to_owned()][..]), "{}", task.name());
    }
}
