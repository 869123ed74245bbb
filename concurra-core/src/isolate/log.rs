//! What tasks log in worker processes: sent to the parent, and logged there again by the worker's
//! thread, within the task's span, for whatever subscriber the parent has.

use std::fmt::{self, Write};
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::lines::message;
use super::remote::Remote;

/// The least important level that somebody in this process wants to hear of.
pub(super) fn wanted() -> String {
    LevelFilter::current().to_string()
}

/// Sends what is logged in this process to the parent from now on.
pub(super) fn forward(level: &Json, remote: &Arc<Remote>) {
    let level = level.as_str().and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::OFF);
    if level != LevelFilter::OFF {
        let remote = Arc::clone(remote);
        // Nothing else in a worker process has had a chance to install one.
        drop(tracing::subscriber::set_global_default(Forward { level, remote }));
    }
}

/// Logs what a worker process sent.
pub(super) fn tell(record: &Json) {
    let text = |at: usize| record[at].as_str().unwrap_or_default();
    let (level, from, said) = (text(0), text(1), text(2));
    match level {
        "ERROR" => tracing::error!(target: "concurra::isolated", from, "{said}"),
        "WARN" => tracing::warn!(target: "concurra::isolated", from, "{said}"),
        "DEBUG" => tracing::debug!(target: "concurra::isolated", from, "{said}"),
        "TRACE" => tracing::trace!(target: "concurra::isolated", from, "{said}"),
        _ => tracing::info!(target: "concurra::isolated", from, "{said}"),
    }
}

struct Forward {
    level: LevelFilter,
    remote: Arc<Remote>,
}

impl Subscriber for Forward {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= self.level
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn event(&self, event: &Event<'_>) {
        let mut said = Said::default();
        event.record(&mut said);
        let metadata = event.metadata();
        let text = format!("{}{}", said.message, said.fields);
        let record = json!([metadata.level().as_str(), metadata.target(), text]);
        // A parent that is gone reads no records.
        drop(self.remote.send(&message("log", record)));
    }

    // Spans are the parent's: it has one for the task.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// A record's message, and its other fields behind it.
#[derive(Default)]
struct Said {
    message: String,
    fields: String,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        // The parent knows secrets as they are; what stands escaped is another text.
        match field.name() {
            "message" => self.message.push_str(value),
            name => self.fields.extend([" ", name, "=\"", value, "\""]),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
