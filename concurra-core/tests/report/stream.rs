//! The report of many tasks is written task by task.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use concurra_core::{Completion, Context, Output, Registration, Runner, inventory};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::registered::described;
use crate::support::{passes_at, run};

/// How many results were looked at.
static SEEN: AtomicUsize = AtomicUsize::new(0);

struct Counted;

impl Output for Counted {}

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(SEEN.fetch_add(1, Ordering::Relaxed) as u64)
    }
}

fn nothing(_: &Context<'_>) -> Completion {
    Ok(None)
}

inventory::submit! {
    Registration::Task(|| const { &described!("counting", "counted", nothing, Counted) })
}

/// Holds what was written against what was looked at by then.
#[derive(Default)]
struct Watching(Vec<u8>);

impl Write for Watching {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend(bytes);
        let written = self.0.windows(9).filter(|part| part == b"\"result\":").count();
        let seen = SEEN.load(Ordering::Relaxed);
        assert!(seen <= written + 1, "{seen} results were looked at, {written} written");
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_task_is_written_before_the_next_is_looked_at() {
    let mut runner = Runner::new();
    runner.add_all((0..8).map(|number| (number.to_string(), || Counted)));
    let report = run(runner);
    let mut written = Watching::default();
    serde_json::to_writer(&mut written, &report).expect("it is written");
    assert_eq!(SEEN.load(Ordering::Relaxed), 8);
    let json: Json = serde_json::from_slice(&written.0).expect("it is JSON");
    let results = json["tasks"].as_array().expect("a list").iter().map(|task| &task["result"]);
    assert!(results.eq((0..8).map(Json::from).collect::<Vec<_>>().iter()));
}

#[test]
fn the_written_json_is_the_same_as_the_value() {
    let mut runner = Runner::new().name("orders").retries(1);
    runner.add("flaky", passes_at(2)).tags(["a", "b"]);
    runner.add("fails", || -> () { panic!("no \"rows\"\nat all") });
    runner.add("below", || ()).after(["fails"]);
    runner.shell("command", "echo ä; exit 3");
    let report = run(runner);
    let text = serde_json::to_string(&report).expect("it is written");
    assert_eq!(serde_json::from_str::<Json>(&text).expect("it is JSON"), report.to_json());
    let first = serde_json::to_value(&report["flaky"]).expect("it is written");
    assert_eq!(first, report.to_json()["tasks"][0]);
    assert!(text.starts_with(r#"{"schema_version":2,"name":"orders","start_time":"2"#), "{text}");
}
