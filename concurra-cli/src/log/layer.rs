//! A record as a line: time, level, worker, task, message, fields.

use std::fmt::{self, Write};
use std::sync::Weak;
use std::time::SystemTime;

use concurra_core::State;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use super::current::current;
use super::sink::Sink;

/// Turns records into lines.
#[derive(Debug)]
pub(super) struct Records {
    sink: Sink,
    secrets: Weak<State>,
}

impl Records {
    pub(super) const fn new(sink: Sink, secrets: Weak<State>) -> Self {
        Self { sink, secrets }
    }

    /// The message and the other fields of a record, without secrets.
    fn told(&self, event: &Event<'_>) -> (String, String) {
        let run = self.secrets.upgrade();
        let mask = |text: &str| run.as_ref().map_or_else(|| text.to_owned(), |run| run.mask(text));
        let mut fields = Fields { mask: &mask, message: String::new(), others: String::new() };
        event.record(&mut fields);
        (fields.message, fields.others)
    }
}

impl<S: Subscriber> Layer<S> for Records {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let (message, others) = self.told(event);
        let time = humantime::format_rfc3339_millis(SystemTime::now());
        let level = event.metadata().level();
        let target = event.metadata().target();
        current(|current| {
            let place = current.map_or_else(
                || "-".to_owned(),
                |current| format!("worker-{} {}", current.worker, current.task),
            );
            let line = format!("{time} {level:>5} {place}: {target}: {message}{others}\n");
            self.sink.write(current.map(|current| current.worker), &line);
        });
    }
}

/// What a record says. Only values and the message are masked: what stands around them is ours or
/// stands in the source.
struct Fields<'m> {
    mask: &'m dyn Fn(&str) -> String,
    message: String,
    others: String,
}

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        // Quotes may change a secret, so they come after the mask.
        let told = (self.mask)(value);
        match field.name() {
            "message" => self.message = told,
            name => self.add(name, format_args!("{told:?}")),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let told = (self.mask)(&format!("{value:?}"));
        match field.name() {
            "message" => self.message = told,
            name => self.add(name, format_args!("{told}")),
        }
    }
}

impl Fields<'_> {
    fn add(&mut self, name: &str, told: fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = write!(self.others, " {name}={told}");
    }
}
