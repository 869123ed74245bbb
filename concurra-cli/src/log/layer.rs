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
}

impl<S: Subscriber> Layer<S> for Records {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let time = humantime::format_rfc3339_millis(SystemTime::now());
        let level = event.metadata().level();
        let target = event.metadata().target();
        current(|current| {
            let place = current.map_or_else(
                || "-".to_owned(),
                |current| format!("worker-{} {}", current.worker, current.task),
            );
            let Fields { message, others } = &fields;
            let line = format!("{time} {level:>5} {place}: {target}: {message}{others}\n");
            let line = self.secrets.upgrade().map_or_else(|| line.clone(), |run| run.mask(&line));
            self.sink.write(current.map(|current| current.worker), &line);
        });
    }
}

#[derive(Default)]
struct Fields {
    message: String,
    others: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else {
            self.record_debug(field, &value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.others, " {name}={value:?}"),
        };
    }
}
