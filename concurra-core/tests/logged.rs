//! What a run says through `tracing`.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use concurra_core::Runner;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Keeps the level and the message of each record.
#[derive(Clone, Default)]
struct Records(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Records {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut record = Record(event.metadata().level().to_string());
        event.record(&mut record);
        self.0.lock().expect("no panic under the lock").push(record.0);
    }
}

struct Record(String);

impl Visit for Record {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            write!(self.0, " {value:?}").expect("a text takes everything");
        }
    }
}

/// What a run said.
fn said(runner: Runner) -> Vec<String> {
    let records = Records::default();
    let subscriber = tracing_subscriber::registry().with(records.clone());
    tracing::subscriber::with_default(subscriber, || runner.run().expect("a plan"));
    records.0.lock().expect("no panic under the lock").clone()
}

#[test]
fn every_tenth_of_the_tasks_is_logged() {
    let mut runner = Runner::new().name("orders").progress(true);
    runner.add_all((0..25).map(|task| (task.to_string(), || ())));
    let told: Vec<String> = said(runner);
    assert_eq!(told.len(), 10);
    assert_eq!(told[0], "INFO orders: 3 of 25 tasks");
    assert_eq!(told[9], "INFO orders: 25 of 25 tasks");
}

#[test]
fn few_tasks_are_logged_one_by_one() {
    let mut runner = Runner::new().progress(true);
    runner.add_all((0..3).map(|task| (task.to_string(), || ())));
    let told = said(runner);
    assert_eq!(
        told,
        ["INFO run: 1 of 3 tasks", "INFO run: 2 of 3 tasks", "INFO run: 3 of 3 tasks"]
    );
    let mut runner = Runner::new().progress(true);
    runner.add("one", || ());
    assert_eq!(said(runner), ["INFO run: 1 of 1 task"]);
}

#[test]
fn failed_attempts_are_logged_as_they_fail() {
    let mut runner = Runner::new().log_errors(true);
    runner.add("pay", || Err::<(), _>("no money")).retries(1);
    assert_eq!(
        said(runner),
        ["WARN pay failed at attempt 1 of 2: no money", "ERROR pay failed: no money"]
    );
}

#[test]
fn nothing_is_logged_by_default() {
    let mut runner = Runner::new();
    runner.add("pay", || Err::<(), _>("no money")).retries(1);
    assert!(said(runner).is_empty());
}

#[test]
fn secrets_are_masked_in_records() {
    let mut runner =
        Runner::new().workers(1).name("deploy tok-12345").progress(true).log_errors(true);
    runner.command("login", ["true"]).secret_env("TOKEN", "tok-12345");
    runner.add("with tok-12345", || Err::<(), _>("tok-12345")).after(["login"]).retries(1);
    assert_eq!(
        said(runner),
        [
            "INFO deploy ***: 1 of 2 tasks",
            "WARN with *** failed at attempt 1 of 2: ***",
            "ERROR with *** failed: ***",
            "INFO deploy ***: 2 of 2 tasks",
        ]
    );
}
