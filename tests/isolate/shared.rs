//! What isolated tasks see of the state.

use std::thread;

use concurra::{Outcome, ResultError, State, StateError, task};

use crate::support::{outcome_of, run, runner};

scenarios! {
    each_task_reads_the_current_shared_value,
    shared_values_are_found_by_key,
    the_error_for_a_deeply_nested_value,
    a_mocked_result_crosses_over,
    the_error_for_a_value_that_is_not_shared,
}

#[task]
fn reads_first(state: &State) -> Result<u32, StateError> {
    state.get::<u32>("n").map(|n| *n)
}

/// Runs in the process of the first one, as that is free by then.
#[task(after = ["reads_first"])]
fn reads_second(state: &State) -> Result<u32, StateError> {
    while !state.contains("changed") {
        thread::yield_now();
    }
    state.get::<u32>("n").map(|n| *n)
}

fn each_task_reads_the_current_shared_value() {
    let state = State::default();
    state.share("n", 1_u32);
    let mut runner = runner(&["shared::reads_first", "shared::reads_second", "changes"]);
    runner = runner.state(state);
    let changes = |state: &State| {
        state.share("n", 2_u32);
        state.share("changed", ());
    };
    runner.add_with_state("changes", changes).after(["shared::reads_first"]).isolate(false);
    let report = run(runner);
    let read = |name: &str| *report[name].result::<u32>().expect("it passed");
    assert_eq!((read("reads_first"), read("reads_second")), (1, 2));
}

#[task]
fn looks_for_keys(state: &State) -> (Vec<String>, bool, bool) {
    (state.keys(), state.contains("never read"), state.contains("private"))
}

fn shared_values_are_found_by_key() {
    let state = State::default();
    state.share("never read", 1);
    state.share("another", 1);
    state.insert("private", 1);
    let report = run(runner(&["shared::looks_for_keys"]).state(state));
    let keys = ["another", "never read"].map(str::to_owned).to_vec();
    let seen = report["looks_for_keys"].result::<(Vec<String>, bool, bool)>();
    assert_eq!(*seen.expect("it passed"), (keys, true, false));
}

/// A list of lists of lists.
fn nested(levels: usize) -> serde_json::Value {
    (0..levels).fold(serde_json::Value::Null, |inner, _| [inner].into_iter().collect())
}

#[task]
fn gives_nested() -> serde_json::Value {
    nested(200)
}

#[task]
fn gives_nearly_as_nested() -> serde_json::Value {
    nested(100)
}

#[task]
fn reads_nested(state: &State) -> Result<(), StateError> {
    state.shared::<serde_json::Value>("nested").map(drop)
}

fn the_error_for_a_deeply_nested_value() {
    let state = State::default();
    state.share("nested", nested(101));
    let names = ["gives_nested", "gives_nearly_as_nested", "reads_nested"];
    let chosen = names.map(|name| format!("shared::{name}"));
    let report = run(runner(&chosen.each_ref().map(String::as_str)).state(state));
    for name in ["gives_nested", "reads_nested"] {
        let (outcome, message) = outcome_of(&report, name);
        assert_eq!(outcome, Outcome::Failed);
        assert!(message.ends_with(": it is nested more than 100 levels deep"), "{message}");
    }
    let result = report["gives_nearly_as_nested"].result::<serde_json::Value>();
    assert_eq!(*result.expect("it passed"), nested(100));
}

#[task]
fn reads_given(state: &State) -> Result<u64, ResultError> {
    state.result::<serde_json::Value>("structured").map(|rows| rows["rows"].as_u64().unwrap_or(0))
}

fn a_mocked_result_crosses_over() {
    let chosen = runner(&["structured", "shared::reads_given"]);
    let report = run(chosen.mock("tasks::structured", Some(r#"{"rows": 9}"#)));
    assert_eq!(report["structured"].outcome(), Outcome::Mocked);
    assert_eq!(*report["reads_given"].result::<u64>().expect("it passed"), 9);
}

#[task]
fn reads_private(state: &State) -> Result<u32, StateError> {
    state.get::<u32>("private").map(|n| *n)
}

#[task]
fn shares_private(state: &State) -> Result<u32, StateError> {
    state.shared::<u32>("private").map(|n| *n)
}

#[task]
fn reads_nothing(state: &State) -> Result<u32, StateError> {
    state.get::<u32>("absent").map(|n| *n)
}

#[task(after = ["tasks::structured"])]
fn reads_a_task_as_a_value(state: &State) -> Result<u32, StateError> {
    state.get::<u32>("structured").map(|n| *n)
}

fn the_error_for_a_value_that_is_not_shared() {
    let state = State::default();
    state.insert("private", 7_u32);
    let names = ["reads_private", "shares_private", "reads_nothing", "reads_a_task_as_a_value"];
    let chosen = names.map(|name| format!("shared::{name}"));
    let mut chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
    chosen.push("structured");
    let report = run(runner(&chosen).state(state));
    let failed = |name: &str, message: &str| {
        assert_eq!(outcome_of(&report, name), (Outcome::Failed, message.to_owned()));
    };
    let kept = "\"private\" is in the state of the run, but isolated tasks see only shared values; \
                store it by `State::share` in place of `insert`, or leave `isolate` out";
    failed("reads_private", kept);
    failed("shares_private", kept);
    failed("reads_nothing", "state has no key \"absent\"");
    let task = "state has no key \"structured\"; read the task's result by \
                `state.result(\"structured\")`";
    failed("reads_a_task_as_a_value", task);
}
