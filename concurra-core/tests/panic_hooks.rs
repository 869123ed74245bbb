//! Panic hooks that a program sets: they run, and a failure has its place with any of them.

use std::panic::{self, PanicHookInfo, catch_unwind};
use std::process::Command;
use std::sync::Mutex;
use std::{env, thread};

use concurra_core::{Outcome, Report, Runner};

const INSIDE: &str = "CONCURRA_TEST_INSIDE";

/// The panics that a hook of this program saw.
static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn see(info: &PanicHookInfo<'_>) {
    let text = info.payload().downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| info.payload().downcast_ref::<String>().cloned());
    SEEN.lock().expect("no panic here").push(text.expect("a text"));
}

/// Runs a scenario in a process of its own, as hooks belong to the process. Its hooks print nothing, so
/// nothing is printed but what the hook of std prints outside of tasks.
#[track_caller]
fn alone(name: &str, scenario: impl FnOnce()) {
    if env::var_os(INSIDE).is_some() {
        scenario();
        return;
    }
    for capture in [&[][..], &["--nocapture"]] {
        let mut again = Command::new(env::current_exe().expect("a path"));
        again.args([name, "--exact"]).args(capture).env(INSIDE, "yes").env_remove("RUST_BACKTRACE");
        let output = again.output().expect("this test runs again");
        let text =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        assert!(output.status.success(), "{}{}", text[0], text[1]);
        assert!(!text.concat().contains("panicked"), "{}{}", text[0], text[1]);
    }
}

/// Runs tasks of these names; each calls the body with its own name, then panics with it.
fn run(names: &'static [&'static str], body: fn(&str)) -> Report {
    let mut runner = Runner::new().workers(2);
    for name in names {
        runner.add(*name, move || -> () {
            body(name);
            panic!("{}", name)
        });
    }
    runner.run().expect("a plan")
}

#[track_caller]
fn has_places(report: &Report) {
    for task in report.tasks() {
        assert_eq!(task.outcome(), Outcome::Failed);
        let failure = task.failure().expect("a failure");
        assert_eq!(failure.message, format!("panicked: {}", task.name()));
        let place = failure.place.unwrap_or_default();
        assert!(place.contains("panic_hooks.rs:"), "{}: {place:?}", task.name());
    }
}

/// What the hook saw since the last call.
fn seen() -> Vec<String> {
    let mut seen = std::mem::take(&mut *SEEN.lock().expect("no panic here"));
    seen.sort();
    seen
}

const NAMES: &[&str] = &["a", "b"];

#[test]
fn a_hook_from_before_the_first_run() {
    alone("a_hook_from_before_the_first_run", || {
        panic::set_hook(Box::new(see));
        has_places(&run(NAMES, |_| ()));
        assert_eq!(seen(), NAMES);
    });
}

#[test]
fn a_hook_in_place_of_ours() {
    alone("a_hook_in_place_of_ours", || {
        has_places(&run(NAMES, |_| ()));
        panic::set_hook(Box::new(see));
        has_places(&run(NAMES, |_| ()));
        assert_eq!(seen(), NAMES);
    });
}

#[test]
fn a_hook_that_calls_the_one_before() {
    alone("a_hook_that_calls_the_one_before", || {
        for round in 1..=3 {
            has_places(&run(NAMES, |_| ()));
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                see(info);
                before(info);
            }));
            drop(seen());
            has_places(&run(&["a"], |_| ()));
            assert_eq!(seen(), vec!["a"; round]);
        }
    });
}

#[test]
fn a_hook_that_keeps_the_one_before_and_does_not_call_it() {
    alone("a_hook_that_keeps_the_one_before_and_does_not_call_it", || {
        let _ = run(NAMES, |_| ());
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let _ = &before;
            see(info);
        }));
        // No hook of ours was called, so the next run looks for it.
        let _ = run(&["lost"], |_| ());
        has_places(&run(NAMES, |_| ()));
        assert_eq!(seen(), ["a", "b", "lost"]);
    });
}

#[test]
fn hooks_set_in_tasks() {
    alone("hooks_set_in_tasks", || {
        for _ in 0..3 {
            let report = run(&["sets"], |_| panic::set_hook(Box::new(see)));
            has_places(&report);
            assert_eq!(seen(), ["sets"]);
        }
        let report = run(&["chains"], |_| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| before(info)));
        });
        has_places(&report);
        assert_eq!(seen(), ["chains"]);
        has_places(&run(&["takes"], |_| drop(panic::take_hook())));
        // The task took the hook that was there.
        assert!(seen().is_empty());
    });
}

#[test]
fn a_hook_that_was_taken_is_dropped_while_its_thread_panics() {
    alone("a_hook_that_was_taken_is_dropped_while_its_thread_panics", || {
        let mut runner = Runner::new();
        runner.add("takes", || -> () {
            let _before = panic::take_hook();
            panic::set_hook(Box::new(see));
            panic!("while it holds a hook");
        });
        let report = runner.run().expect("a plan");
        assert_eq!(report["takes"].error().as_deref(), Some("panicked: while it holds a hook"));
        has_places(&run(NAMES, |_| ()));
        assert_eq!(seen(), ["a", "b", "while it holds a hook"]);
    });
}

#[test]
fn outside_of_tasks_the_hook_runs_once() {
    alone("outside_of_tasks_the_hook_runs_once", || {
        panic::set_hook(Box::new(see));
        let _ = run(NAMES, |_| ());
        assert_eq!(seen(), NAMES);
        thread::spawn(|| drop(catch_unwind(|| panic!("outside")))).join().expect("it is caught");
        assert_eq!(seen(), ["outside"]);
    });
}
