//! Events are the whole story: a view made of the stream, written to lines and read again, is the
//! report.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use concurra_core::{Event, Observer, Outcome, Plan, Report, RunView, Runner};
use serde_json::Value as Json;

use crate::support::registered;

/// Writes each event as a line.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Observer for Lines {
    fn event(&mut self, _: &Plan, event: &Event) {
        let line = serde_json::to_string(event).expect("events are JSON");
        assert!(!line.contains('\n'));
        self.0.lock().expect("no panic under the lock").push(line);
    }

    fn wants_results(&self) -> bool {
        true
    }
}

impl Lines {
    fn events(&self) -> Vec<Event> {
        let lines = self.0.lock().expect("no panic under the lock");
        lines.iter().map(|line| serde_json::from_str(line).expect("an event")).collect()
    }
}

/// The report of a run, and the events that were written of it.
fn run(runner: Runner) -> (Report, Vec<Event>) {
    let lines = Lines::default();
    let report = runner.observe(Box::new(lines.clone())).run().expect("a plan");
    (report, lines.events())
}

fn view(events: &[Event]) -> RunView {
    let mut view = RunView::default();
    events.iter().for_each(|event| view.apply(event));
    view
}

type Scenario = (&'static str, fn(Runner) -> Runner);

const SCENARIOS: [Scenario; 8] = [
    ("results", |mut runner| {
        runner.add("number", || 3);
        runner.add("text", || "ä\n\"").tags(["a", "b"]).after(["number"]);
        runner.add("nothing", || ());
        runner
    }),
    ("failures and skips", |mut runner| {
        runner.add("fails", || -> () { panic!("no \"rows\"\nat all") });
        runner.add("below", || ()).after(["fails"]);
        runner.add("further", || ()).after(["below"]);
        runner.add("leaves", || -> () { concurra_core::skip("no device") });
        runner
    }),
    ("retries", |mut runner| {
        let mut left = 2;
        let flaky = move || {
            left -= 1;
            if left == 0 { Ok(7) } else { Err("not yet") }
        };
        runner.add("flaky", flaky).retries(3);
        runner.add("never", || Err::<(), _>("no")).retries(2).backoff(Duration::from_millis(1));
        runner
    }),
    ("commands", |mut runner| {
        runner.shell("good", "echo out; echo err >&2");
        runner.shell("bad", "echo last words; exit 3").retries(1);
        runner
    }),
    ("a timeout", |mut runner| {
        runner.shell("sleeps", "echo begun; exec sleep 1000").timeout(Duration::from_millis(50));
        runner
    }),
    ("mocks", |mut runner| {
        runner = runner.mock("given", Some("5"));
        runner.add("given", || 1_i32);
        runner.add("uses", || ()).after(["given"]);
        runner
    }),
    ("a stop", |mut runner| {
        runner = runner.fail_fast(true);
        runner.add("fails", || Err::<(), _>("no"));
        runner.add("later", || ()).after(["fails"]);
        runner.add("cleans", || ()).after(["later"]).always();
        runner
    }),
    ("a secret that becomes known later", |mut runner| {
        runner.add("early", || Err::<(), _>("tok-swordfish is unknown")).retries(1);
        runner.add("login", || "tok-swordfish").after(["early"]).always().secret();
        runner.add("quiet", || ());
        runner
    }),
];

#[test]
fn the_stream_of_a_run_is_its_report() {
    for (name, add) in SCENARIOS {
        for workers in [1, 2, 8] {
            let (report, events) = run(add(Runner::new().name(name).workers(workers)));
            let view = view(&events);
            let json = serde_json::to_value(&view).expect("a view is JSON");
            assert_eq!(json, report.to_json(), "{name}");
            assert_eq!(view.is_good(), report.is_good(), "{name}");
            assert_eq!(view.started.workers, workers, "{name}");
        }
    }
}

#[test]
fn the_stream_of_a_run_with_hooks_is_its_report() {
    let (report, events) = run(registered("hooked"));
    assert_eq!(serde_json::to_value(view(&events)).expect("JSON"), report.to_json());
    let hooks = events.iter().filter_map(|event| match event {
        Event::HookStarted(hook) => Some(format!("{} {} starts", hook.hook, hook.name)),
        Event::HookFinished(hook) => {
            Some(format!("{} {} fails: {}", hook.hook, hook.name, hook.failure.is_some()))
        }
        _ => None,
    });
    let expected = ["teardown clean_up starts", "teardown clean_up fails: true"];
    assert_eq!(hooks.collect::<Vec<_>>(), expected);
}

#[test]
fn a_run_begins_and_ends_its_stream_and_each_task_ends_once() {
    for (name, add) in SCENARIOS {
        let (_, events) = run(add(Runner::new().workers(2)));
        assert!(matches!(events[0], Event::RunStarted(_)), "{name}");
        assert!(matches!(events.last(), Some(Event::RunFinished(_))), "{name}");
        let ends = events.iter().filter_map(|event| match event {
            Event::Finished(end) => Some(end.task.index()),
            _ => None,
        });
        let mut ends = ends.collect::<Vec<_>>();
        ends.sort_unstable();
        let tasks = view(&events).started.tasks.len();
        assert!(ends.iter().copied().eq(0..tasks), "{name}: {ends:?}");
    }
}

#[test]
fn a_text_that_became_secret_is_masked_in_the_view() {
    let (_, add) = SCENARIOS[7];
    let (_, events) = run(add(Runner::new().workers(1)));
    let early = |event: &&Event| matches!(event, Event::Remasked(end) if end.task.index() == 0);
    assert_eq!(events.iter().filter(early).count(), 1);
    let remasked = events.iter().filter(|event| matches!(event, Event::Remasked(_)));
    assert_eq!(remasked.count(), 1, "what has no such text is not sent again");
    let json = serde_json::to_string(&view(&events)).expect("JSON");
    assert!(!json.contains("sword") && json.contains("*** is unknown"), "{json}");
}

#[test]
fn a_view_of_a_run_that_never_ended_has_the_events_so_far() {
    let (_, add) = SCENARIOS[1];
    let (_, events) = run(add(Runner::new().workers(1)));
    let first_end = events.iter().position(|event| matches!(event, Event::Finished(_)));
    let cut = &events[..=first_end.expect("a task ended")];
    let view = view(cut);
    assert!(view.finished.is_none() && !view.is_good());
    assert_eq!(view.counts().total(), 1);
    let json = serde_json::to_value(&view).expect("JSON");
    assert_eq!((&json["end_time"], &json["good"]), (&Json::Null, &Json::Bool(false)));
    let outcomes = json["tasks"].as_array().expect("a list").iter();
    assert_eq!(outcomes.filter(|task| task["outcome"] == Json::Null).count(), 3);
    assert_eq!(view.all_ended().next().expect("one").1.outcome, Outcome::Failed);
}

#[test]
fn results_are_in_the_stream_only_when_an_observer_wants_them() {
    struct Plain(Arc<Mutex<Vec<Option<Json>>>>);
    impl Observer for Plain {
        fn event(&mut self, _: &Plan, event: &Event) {
            if let Event::Finished(end) = event {
                self.0.lock().expect("no panic under the lock").push(end.result.clone());
            }
        }
    }
    let seen = Arc::<Mutex<Vec<_>>>::default();
    let mut runner = Runner::new().observe(Box::new(Plain(Arc::clone(&seen))));
    runner.add("answer", || 42);
    runner.run().expect("a plan");
    assert_eq!(*seen.lock().expect("no panic under the lock"), [None]);
}
