//! The log of tasks in worker processes: a worker process sends its records to the parent. The
//! worker's thread logs them there again, within the task's span, for the parent's subscriber.

use std::fmt;
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::messages::ToParent;
use super::remote::Remote;

/// The least important level that this process's subscriber wants.
pub(super) fn wanted() -> String {
    LevelFilter::current().to_string()
}

/// Sends this process's records to the parent from now on.
pub(super) fn forward(level: &str, remote: &Arc<Remote>) {
    let level = level.parse().unwrap_or(LevelFilter::OFF);
    if level != LevelFilter::OFF {
        let remote = Arc::clone(remote);
        // No code before has installed a subscriber.
        drop(tracing::subscriber::set_global_default(Forward { level, remote }));
    }
}

/// Logs a record of a worker process.
pub(super) fn replay(level: &str, from: &str, text: &str) {
    match level {
        "ERROR" => tracing::error!(target: "concurra::isolated", from, "{text}"),
        "WARN" => tracing::warn!(target: "concurra::isolated", from, "{text}"),
        "DEBUG" => tracing::debug!(target: "concurra::isolated", from, "{text}"),
        "TRACE" => tracing::trace!(target: "concurra::isolated", from, "{text}"),
        _ => tracing::info!(target: "concurra::isolated", from, "{text}"),
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
        let mut text = Text::default();
        event.record(&mut text);
        let metadata = event.metadata();
        let (level, target) = (metadata.level().to_string(), metadata.target().to_owned());
        // An error means that the parent has ended.
        drop(self.remote.send(&ToParent::Log { level, target, text: text.0 }));
    }

    // The parent has a span for the task. This process does not send its spans.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The text of a record: its message, then its other fields.
#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        // The parent finds secrets only where they are not escaped.
        match field.name() {
            "message" => self.0.insert_str(0, value),
            name => self.0.extend([" ", name, "=\"", value, "\""]),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => self.0.insert_str(0, &format!("{value:?}")),
            name => self.0.push_str(&format!(" {name}={value:?}")),
        }
    }
}
