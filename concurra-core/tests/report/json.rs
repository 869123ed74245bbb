//! The report as JSON.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use concurra_core::{Outcome, Output, Report, Runner, StopReason};
use serde_json::{Value as Json, json};

use crate::support::{keys, passes_at, run, stop};

/// What the contract names.
pub(crate) const FIELDS: [&str; 23] = [
    "after",
    "attempt_records",
    "attempts",
    "cause",
    "duration_seconds",
    "end_time",
    "error",
    "execution_mode",
    "file",
    "line",
    "name",
    "outcome",
    "output",
    "result",
    "retried",
    "retries",
    "retry_errors",
    "start_time",
    "tags",
    "task",
    "trace",
    "warning",
    "worker",
];

fn task(report: &Report, name: &str) -> Json {
    let json = report.to_json();
    let mut tasks = json["tasks"].as_array().expect("a list").iter();
    tasks.find(|task| task["name"] == name).expect("it is there").clone()
}

/// The task without what differs from run to run, and from edit to edit of this file.
fn steady(mut task: Json) -> Json {
    let fields =
        ["start_time", "end_time", "duration_seconds", "worker", "line", "attempt_records"];
    for field in fields {
        assert!(!task[field].is_null(), "{field} of {task}");
        task.as_object_mut().expect("an object").remove(field);
    }
    task
}

#[test]
fn every_task_has_the_same_fields() {
    let mut runner = Runner::new().retries(1);
    runner.add("passes", || 1);
    runner.add("fails", || Err::<(), _>("no"));
    runner.add("below", || ()).after(["fails"]);
    runner.command("runs", ["true"]);
    runner.add("given", || ());
    let report = run(runner.mock("given", Some("1"))).to_json();
    for task in report["tasks"].as_array().expect("a list") {
        assert_eq!(keys(task), FIELDS.into(), "{task}");
    }
}

#[test]
fn fields_of_a_passed_task() {
    let mut runner = Runner::new();
    runner.add("load", || vec![1, 2]).tags(["slow", "db"]);
    assert_eq!(
        steady(task(&run(runner), "load")),
        json!({
            "name": "load", "task": "closure", "tags": ["slow", "db"], "outcome": "passed",
            "file": "concurra-core/tests/report/json.rs", "after": [], "output": null,
            "result": [1, 2], "error": null, "trace": null, "cause": null,
            "execution_mode": "thread", "warning": null,
            "attempts": 1, "retries": 0, "retried": false, "retry_errors": [],
        })
    );
}

#[test]
fn fields_of_a_failed_task_and_its_attempts() {
    let mut runner = Runner::new();
    runner.add("load", passes_at(9)).retries(2);
    assert_eq!(
        steady(task(&run(runner), "load")),
        json!({
            "name": "load", "task": "closure", "tags": [], "outcome": "failed",
            "file": "concurra-core/tests/report/json.rs", "after": [], "output": null,
            "result": null, "error": "attempt 3 failed", "trace": null, "cause": null,
            "execution_mode": "thread", "warning": null,
            "attempts": 3, "retries": 2, "retried": true,
            "retry_errors": ["attempt 1 failed", "attempt 2 failed", "attempt 3 failed"],
        })
    );
}

#[test]
fn a_panic_has_its_place_in_the_trace() {
    let mut runner = Runner::new();
    let line = line!() + 1;
    runner.add("load", || -> () { panic!("boom") });
    let report = run(runner);
    let shown = task(&report, "load");
    let trace = shown["trace"].as_str().expect("a place");
    let place = format!("at concurra-core/tests/report/json.rs:{line}:35");
    assert_eq!(trace.lines().next(), Some(place.as_str()));
    assert_eq!(report["load"].error().as_deref(), Some("panicked: boom"));
    assert_eq!(shown["error"], "panicked: boom");
}

#[test]
fn a_task_that_never_started_has_no_times() {
    let mut runner = Runner::new();
    runner.add("load", || Err::<(), _>("no"));
    let line = line!() + 1;
    runner.add("seed", || ()).after(["load"]).retries(3);
    let report = run(runner);
    assert_eq!(
        task(&report, "seed"),
        json!({
            "file": "concurra-core/tests/report/json.rs", "line": line, "after": ["load"],
            "output": null,
            "name": "seed", "task": "closure", "tags": [], "outcome": "skipped",
            "start_time": null, "end_time": null, "duration_seconds": null,
            "result": null, "error": null, "trace": null, "cause": "load failed",
            "execution_mode": null, "worker": null, "warning": null,
            "attempts": 0, "retries": 3, "retried": false, "retry_errors": [],
            "attempt_records": [],
        })
    );
    let seed = &report["seed"];
    assert_eq!((seed.start_time(), seed.end_time(), seed.duration()), (None, None, None));
}

#[test]
fn every_attempt_has_a_record() {
    let mut runner = Runner::new().workers(1);
    runner.add("passes", || ());
    runner.add("flaky", passes_at(2)).retries(2);
    runner.shell("fails", "echo no; exit 3").retries(1);
    runner.add("late", || std::thread::sleep(Duration::from_secs(3600)));
    let report = run(runner.timeout(Duration::from_millis(500)));
    let records = |name: &str| {
        let task = task(&report, name);
        let records = task["attempt_records"].as_array().expect("a list").clone();
        let (first, last) = (&records[0], &records[records.len() - 1]);
        assert_eq!(
            (&first["start_time"], &last["end_time"]),
            (&task["start_time"], &task["end_time"])
        );
        let steady = |mut record: Json| {
            let fields = record.as_object_mut().expect("an object");
            for field in ["start_time", "end_time", "duration_seconds"] {
                assert!(fields.remove(field).is_some_and(|value| !value.is_null()), "{field}");
            }
            record
        };
        records.into_iter().map(steady).collect::<Vec<_>>()
    };
    let record = |number: u32, mode: &str, outcome: &str, failure: Option<&str>, output: Json| {
        json!({
            "number": number, "worker": 0, "mode": mode, "outcome": outcome, "failure": failure,
            "output": output,
        })
    };
    let none = Json::Null;
    assert_eq!(records("passes"), [record(1, "thread", "passed", None, none.clone())]);
    let first = record(1, "thread", "failed", Some("attempt 1 failed"), none.clone());
    assert_eq!(records("flaky"), [first, record(2, "thread", "passed", None, none.clone())]);
    let wrote = json!({ "stdout": "no\n", "stderr": "" });
    let failed =
        |number| record(number, "subprocess", "failed", Some("exited with 3: no"), wrote.clone());
    assert_eq!(records("fails"), [failed(1), failed(2)]);
    let limit = "ran longer than its timeout of 500ms";
    assert_eq!(records("late"), [record(1, "thread", "timed_out", Some(limit), none)]);
}

#[test]
fn the_output_of_a_command_is_there_also_when_it_failed() {
    let mut runner = Runner::new();
    runner.shell("writes", "echo out; echo err >&2");
    runner.shell("fails", "echo out; echo err >&2; exit 3");
    let report = run(runner);
    for name in ["writes", "fails"] {
        let output = json!({ "stdout": "out\n", "stderr": "err\n" });
        assert_eq!(task(&report, name)["output"], output, "{name}");
    }
}

#[test]
fn times_are_those_of_the_clock_on_the_wall() {
    let before = SystemTime::now() - Duration::from_millis(1);
    let mut runner = Runner::new();
    let begun = Instant::now();
    let until_the_clock_moves = move || {
        let now = begun.elapsed();
        while begun.elapsed() == now {
            std::hint::spin_loop();
        }
    };
    runner.add("spins", until_the_clock_moves);
    let report = run(runner);
    let (start, end) = (report.start_time(), report.end_time());
    let task = &report["spins"];
    let (began, ended) = (task.start_time().expect("it ran"), task.end_time().expect("it ran"));
    assert!(before <= start && start <= began && began < ended && ended <= end);
    assert!(end <= SystemTime::now() + Duration::from_millis(1));
    assert_eq!(ended.duration_since(began).ok(), task.duration());
    let json = report.to_json();
    for time in [&json, &json["tasks"][0]] {
        for field in ["start_time", "end_time"] {
            let text = time[field].as_str().expect("a text");
            let (day, rest) = text.split_at(10);
            assert!(
                day.starts_with("20") && rest.starts_with('T') && rest.ends_with('Z'),
                "{text}"
            );
            assert_eq!(text.len(), "2026-01-31T12:00:00.000Z".len(), "{text}");
        }
        let seconds = time["duration_seconds"].as_f64().expect("a number");
        assert!(seconds > 0.0 && seconds < 30.0, "{seconds}");
    }
}

#[test]
fn a_command_s_result_is_there_also_when_it_failed() {
    let mut runner = Runner::new();
    runner.shell("fails", "echo out; echo err >&2; exit 3").current_dir("/");
    runner.command("passes", ["true", "a b"]).capture(false);
    let report = run(runner);
    let fails = task(&report, "fails");
    assert_eq!(fails["task"], "echo out; echo err >&2; exit 3");
    assert_eq!(fails["execution_mode"], "subprocess");
    assert_eq!(fails["error"], "exited with 3: err");
    assert_eq!(
        fails["result"],
        json!({
            "command": "echo out; echo err >&2; exit 3", "shell": true, "returncode": 3,
            "stdout": "out\n", "stderr": "err\n", "cwd": "/",
        })
    );
    let passes = task(&report, "passes");
    assert_eq!(passes["task"], "true 'a b'");
    assert_eq!(
        passes["result"],
        json!({
            "command": "true 'a b'", "shell": false, "returncode": 0,
            "stdout": null, "stderr": null, "cwd": null,
        })
    );
}

#[test]
fn fields_of_the_run() {
    let mut runner = Runner::new().name("orders");
    runner.add("flaky", passes_at(2)).retries(1);
    runner.add("fails", || Err::<(), _>("no"));
    runner.add("below", || ()).after(["fails"]);
    runner.add("given", || ());
    let report = run(runner.mock("given", None).workers(0));
    let json = report.to_json();
    let fields = [
        "counts",
        "duration_seconds",
        "end_time",
        "good",
        "hook_failures",
        "name",
        "schema_version",
        "start_time",
        "stopped",
        "tasks",
        "warnings",
    ];
    assert_eq!(keys(&json), fields.into());
    assert_eq!((&json["schema_version"], &json["name"]), (&json!(2), &json!("orders")));
    assert_eq!((&json["good"], &json["stopped"]), (&json!(false), &Json::Null));
    assert_eq!(json["hook_failures"], json!([]));
    assert_eq!(json["warnings"], json!(["0 workers would run nothing: the run has 1"]));
    assert_eq!(
        json["counts"],
        json!({
            "passed": 1, "failed": 1, "timed_out": 0, "skipped": 1, "cancelled": 0, "mocked": 1,
            "ignored": 0, "flaky": 1, "total": 4,
        })
    );
    assert_eq!(report.counts().flaky(), 1);
    assert!(report["flaky"].is_flaky() && report["flaky"].attempts() > 1);
}

#[test]
fn a_stopped_run_says_by_whom() {
    let mut runner = Runner::new().workers(1);
    let canceller = runner.canceller();
    runner.add("stops", move || stop(&canceller, StopReason::Terminate));
    runner.add("next", || ()).after(["stops"]);
    let report = run(runner);
    assert_eq!(report["next"].outcome(), Outcome::Cancelled);
    let json = report.to_json();
    assert_eq!((&json["good"], &json["stopped"]), (&json!(false), &json!("terminate")));
    assert_eq!((&json["name"], &json["tasks"][1]["cause"]), (&Json::Null, &json!("terminated")));
}

#[test]
fn results_that_cannot_be_written_are_null() {
    struct Opaque;
    impl Output for Opaque {}
    let mut runner = Runner::new();
    runner.add("opaque", || Opaque);
    runner.add("nothing", || ());
    runner.add("pairs", || HashMap::from([((1, 2), 3)]));
    let report = run(runner);
    for name in ["opaque", "nothing", "pairs"] {
        assert_eq!(task(&report, name)["result"], Json::Null, "{name}");
    }
}

#[test]
fn fields_of_a_mocked_task() {
    let mut runner = Runner::new();
    runner.add("given", || "unused");
    let given = task(&run(runner.mock("given", Some("value"))), "given");
    assert_eq!((&given["outcome"], &given["result"]), (&json!("mocked"), &json!("value")));
    assert_eq!((&given["attempts"], &given["execution_mode"]), (&json!(0), &Json::Null));
}
