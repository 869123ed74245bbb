//! Plans of declared tasks: places, ignored tasks, results with a type.

use std::sync::Arc;
use std::time::Duration;

use super::{Draft, Plan};
use crate::engine::{Job, Notes, Table, conduct};
use crate::names::{Home, Position};
use crate::outcome::Outcome;
use crate::registry::{Place, TaskDef, TaskOptions};
use crate::report::Report;
use crate::selection::{Ignored, Selection};
use crate::settings::{Layers, Settings};
use crate::state::State;
use crate::task::{Slot, Task};
use crate::value::{ResultType, Value};

/// The description of a task that does nothing, line by line as they are made.
fn def(module: &'static str, target: Option<&'static str>, name: &'static str) -> TaskDef {
    TaskDef {
        name,
        module,
        target,
        place: Place { file: "src/tasks.rs", line: 7, column: 1 },
        after: &[],
        tags: &[],
        ignore: None,
        options: TaskOptions::NONE,
        body: |_| Ok(None),
        result: ResultType::of::<()>,
    }
}

/// A declared task, named as a home sees it.
pub(crate) fn declared(
    module: &'static str,
    target: Option<&'static str>,
    name: &'static str,
    home: Option<&Home>,
) -> Task {
    task(def(module, target, name), home)
}

fn task(def: TaskDef, home: Option<&Home>) -> Task {
    let name = Position::new(def.module, def.target, home).name(def.name, home);
    Task::declared(Box::leak(Box::new(def)), name)
}

const HOME: Home = Home { krate: "app", target: None, hidden: None };

fn draft(defs: impl IntoIterator<Item = TaskDef>) -> Draft {
    let mut draft = Draft { home: Some(HOME), ..Draft::default() };
    for def in defs {
        draft.push(task(def, Some(&HOME)), Slot::calling(def.body));
    }
    draft
}

fn base() -> TaskDef {
    def("app", None, "base")
}

/// `base`, an ignored `slow` behind it, and `end` behind that.
fn with_ignored() -> Vec<TaskDef> {
    let slow = TaskDef { after: &["base"], ignore: Some("takes an hour"), ..base() };
    let end = TaskDef { name: "end", after: &["slow"], ..base() };
    vec![base(), TaskDef { name: "slow", ..slow }, end]
}

fn run(plan: Plan, workers: usize) -> Report {
    let settings =
        Settings { workers: Some(workers), grace: Some(Duration::ZERO), ..Settings::new() };
    let state: Arc<State> = Arc::default();
    let table = Arc::new(Table::new(plan, &settings));
    let job = Job {
        table,
        settings: Arc::new(settings),
        around: None,
        state: &state,
        notes: Notes::default(),
        observers: &mut [],
        warnings: Vec::new(),
    };
    let conducted = conduct(job);
    Report::new(conducted, state, None)
}

fn summary(plan: &Plan) -> String {
    let task = |planned: &super::PlannedTask| match planned.ignored() {
        Some(why) => format!("{}({why})", planned.name()),
        None => planned.name().to_owned(),
    };
    plan.tasks().iter().map(task).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_suggestion_is_a_name_that_the_task_can_write() {
    let in_module =
        |name, after: &'static [&'static str]| TaskDef { after, ..def("app::m", None, name) };
    // From `m`, `x` is the task itself, and `y` is that of `m`.
    let error = draft([
        def("app", None, "x"),
        def("app", None, "y"),
        in_module("x", &["x2"]),
        in_module("y", &[]),
        in_module("z", &["m::y2", "y3"]),
    ])
    .plan(&Layers::default())
    .expect_err("the plan is wrong");
    let suggestions: Vec<_> = error.problems().iter().map(ToString::to_string).collect();
    let ends = ["did you mean `crate::x`?", "did you mean `m::y`?", "`m::y` or `crate::y`?"];
    for (problem, end) in suggestions.iter().zip(ends) {
        assert!(problem.ends_with(end), "{problem}");
    }
    assert_eq!(suggestions.len(), ends.len());
}

#[test]
fn problems_name_file_and_line() {
    let at = |line, name: &'static str, after: &'static [&'static str]| TaskDef {
        name,
        after,
        place: Place { line, ..base().place },
        ..base()
    };
    let error = draft([
        at(1, "a", &["b"]),
        at(2, "b", &["a"]),
        at(3, "twice", &[]),
        at(4, "twice", &[]),
        at(5, "lost", &["nowhere"]),
    ])
    .plan(&Layers::default())
    .expect_err("the plan is wrong");
    assert_eq!(
        error.to_string(),
        "the plan is wrong in 3 places:
  - 2 tasks are named `twice`: src/tasks.rs:3, src/tasks.rs:4; names must differ
  - `lost` (src/tasks.rs:5) comes after `nowhere`, but no task has that name
  - tasks wait for each other: a -> b -> a at src/tasks.rs:1, src/tasks.rs:2"
    );
}

#[test]
fn a_library_that_is_not_linked_is_named() {
    let message = |after: &'static [&'static str]| {
        let migrate = TaskDef { after, ..def("app::db", None, "migrate") };
        draft([base(), migrate]).plan(&Layers::default()).expect_err("a problem").to_string()
    };
    for (after, library) in [
        (&["tools::deploy"][..], "tools"),
        (&["my-tools::inner::deploy"], "my_tools"),
        // A task of the crate itself has the last name.
        (&["tools::base"], "tools"),
    ] {
        let advice =
            format!("; if `{library}` is a library, link its tasks: `concurra::link!({library})`");
        assert!(message(after).ends_with(&advice), "{}", message(after));
    }
    for after in [
        &["deploy"][..],
        &["db::migrated"],
        &["dv::migrate"],
        &["self::deploy"],
        &["crate::deploy"],
        &["two words::deploy"],
    ] {
        assert!(!message(after).contains("link!"), "{}", message(after));
    }
}

#[test]
fn ignored_tasks_run_when_asked_for_or_named() {
    let named = || vec!["slow".into()];
    let exact = Selection { filters: vec!["slow".to_owned()], exact: true, ..Default::default() };
    for (selection, expected) in [
        (Selection::default(), "base slow(takes an hour) end"),
        (Selection { ignored: Ignored::Include, ..Default::default() }, "base slow end"),
        (Selection { ignored: Ignored::Only, ..Default::default() }, "base slow"),
        (Selection { only: named(), ..Default::default() }, "slow"),
        (exact, "base slow"),
        // A part of its name does not name it.
        (
            Selection { filters: vec!["slo".to_owned()], ..Default::default() },
            "slow(takes an hour)",
        ),
        // Nothing is run for an ignored task.
        (
            Selection { filters: vec!["end".to_owned()], ..Default::default() },
            "slow(takes an hour) end",
        ),
    ] {
        let chosen = format!("{selection:?}");
        let plan =
            Draft { selection, ..draft(with_ignored()) }.plan(&Layers::default()).expect("a plan");
        assert_eq!(summary(&plan), expected, "{chosen}");
    }
}

#[test]
fn an_exact_name_runs_only_its_own_ignored_task() {
    let other = TaskDef { module: "app::m", ignore: Some("why"), ..base() };
    let named = TaskDef { after: &["m::base"], ..base() };
    let (only, deps) = (vec!["base".into()], Some(true));
    let selection = Selection { only, deps, ..Default::default() };
    let plan =
        Draft { selection, ..draft([other, named]) }.plan(&Layers::default()).expect("a plan");
    assert_eq!(summary(&plan), "m::base(why) base");
}

#[test]
fn dependents_of_an_ignored_task_are_skipped_with_its_reason() {
    for workers in [1, 2, 8] {
        let report = run(draft(with_ignored()).plan(&Layers::default()).expect("a plan"), workers);
        assert_eq!(report["base"].outcome(), Outcome::Passed);
        assert_eq!(report["slow"].outcome(), Outcome::Ignored);
        assert_eq!(report["slow"].cause().as_deref(), Some("takes an hour"));
        assert_eq!(report["end"].outcome(), Outcome::Skipped);
        assert_eq!(report["end"].cause().as_deref(), Some("slow ignored: takes an hour"));
        assert!(report.is_good());
    }
}

fn read_number(text: &str) -> Result<Value, String> {
    text.parse::<u32>().map(Value::new).map_err(|_| "no digits".to_owned())
}

#[test]
fn mocks_are_read_as_the_result_type_of_the_task() {
    struct Opaque;
    let number = TaskDef {
        name: "number",
        result: || ResultType { parse: Some(read_number), ..ResultType::of::<u32>() },
        ..base()
    };
    let opaque = TaskDef { name: "opaque", result: ResultType::of::<Opaque>, ..base() };
    let plan = |task: &str, text: Option<&str>| {
        let mocks = vec![(task.to_owned(), text.map(ToOwned::to_owned))];
        let planned = Draft { mocks, ..draft([base(), number, opaque]) }.plan(&Layers::default());
        planned.map_err(|error| error.to_string())
    };
    let report = run(plan("number", Some("42")).expect("a plan"), 1);
    assert_eq!(*report["number"].result::<u32>().expect("mocked"), 42);
    // A task without a result takes anything, also nothing.
    for text in [None, Some("whatever")] {
        let report = run(plan("base", text).expect("a plan"), 1);
        assert_eq!(report["base"].outcome(), Outcome::Mocked);
        assert_eq!(*report["base"].result::<()>().expect("mocked"), ());
    }
    for (task, text, why) in [
        ("number", Some("x"), "`x` is not a u32: no digits"),
        ("number", None, "a value is missing: the task's result is a u32"),
        (
            "opaque",
            Some("x"),
            "an Opaque cannot be read from text; derive serde::Deserialize or implement FromStr \
             for it",
        ),
    ] {
        let error = plan(task, text).expect_err("it does not fit");
        assert_eq!(
            error,
            format!("the selection is wrong: the mock of `{task}` (`--result-{task}`): {why}")
        );
    }
}

#[test]
fn the_settings_of_a_task_go_before_those_of_its_run() {
    let second = Duration::from_secs(1);
    let options =
        TaskOptions { retries: Some(Some(0)), timeout: Some(Duration::ZERO), ..base().options };
    let own = TaskDef { name: "own", options, ..base() };
    let under = Settings {
        retries: Some(3),
        backoff: Some(second.into()),
        timeout: Some(second),
        ..Settings::new()
    };
    let layers = Layers { under, ..Layers::default() };
    let plan = draft([base(), own]).plan(&layers).expect("a plan");
    let [base, own] = [0, 1].map(|index: usize| *plan.slots[index].record.body.attributes());
    assert_eq!((base.most_attempts().get(), base.timeout), (4, Some(second)));
    // A timeout of zero means no limit.
    assert_eq!((own.most_attempts().get(), own.timeout), (1, None));
    assert_eq!((base.backoff, own.backoff), (Some(second.into()), Some(second.into())));
}

#[test]
fn the_command_line_goes_before_the_settings_of_a_task() {
    let [second, minute] = [1, 60].map(Duration::from_secs);
    let options = TaskOptions { retries: Some(Some(2)), timeout: Some(minute), ..base().options };
    let never = TaskOptions { retries: Some(None), ..TaskOptions::NONE };
    let own = TaskDef { name: "own", options, ..base() };
    let never = TaskDef { name: "never", options: never, ..base() };
    let under = Settings { retries: Some(9), timeout: Some(minute), ..Settings::new() };
    for (over, attempts) in [(None, [10, 3, 1]), (Some(0), [1, 1, 1]), (Some(5), [6, 6, 1])] {
        let over = Settings { retries: over, timeout: Some(second), ..Settings::new() };
        let layers = Layers { over, under: under.clone() };
        let plan = draft([base(), own, never]).plan(&layers).expect("a plan");
        let bodies = plan.slots.iter().map(|slot| slot.record.body.attributes());
        let made = bodies.map(|body| (body.most_attempts().get(), body.timeout));
        assert_eq!(made.collect::<Vec<_>>(), attempts.map(|most| (most, Some(second))));
    }
}

#[test]
fn a_slot_is_a_cache_line_and_its_body_plain_without_options() {
    assert_eq!(size_of::<Slot>(), 64);
    let under = Settings { retries: Some(0), ..Settings::new() };
    let plan = draft([base()]).plan(&Layers { under, ..Layers::default() });
    assert!(plan.expect("a plan").slots[0].record.body.is_plain());
}
