//! A record as a line: time, level, worker, task, message, fields.

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::sync::Weak;
use std::time::SystemTime;

use concurra_core::State;
use concurra_core::shown::paragraph;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use super::sink::Sink;

/// The task or hook that runs on a thread.
#[derive(Clone, Debug)]
pub(super) struct Current {
    /// `None` for a hook.
    pub(super) worker: Option<usize>,
    pub(super) name: String,
}

thread_local! {
    pub(super) static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
}

/// Turns records into lines.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) sink: Sink,
    /// The run whose secrets no line shows.
    pub(super) run: Weak<State>,
}

impl<S: Subscriber> Layer<S> for Records {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let run = self.run.upgrade();
        let mask = |text: &str| run.as_ref().map_or_else(|| text.to_owned(), |run| run.mask(text));
        let mut fields = Fields { mask: &mask, message: String::new(), others: String::new() };
        event.record(&mut fields);
        let Fields { message, others, .. } = fields;
        let time = humantime::format_rfc3339_millis(SystemTime::now());
        let level = event.metadata().level();
        let target = event.metadata().target();
        CURRENT.with_borrow(|current| {
            let worker = current.as_ref().and_then(|current| current.worker);
            let place = match (current, worker) {
                (None, _) => "-".to_owned(),
                (Some(task), Some(worker)) => format!("worker-{worker} {}", task.name),
                (Some(hook), None) => hook.name.clone(),
            };
            let text = paragraph(&format!("{message}{others}"), "    ");
            let line = format!("{time} {level:>5} {place}: {target}: {text}\n");
            self.sink.write(worker, &line);
        });
    }
}

/// The message and the other fields of a record. Only the message and values are masked: names of
/// fields stand in the source.
struct Fields<'m> {
    mask: &'m dyn Fn(&str) -> String,
    message: String,
    others: String,
}

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let masked = (self.mask)(value);
        // Quotes may change a secret, so they come after the mask.
        let quoted = format!("{masked:?}");
        self.add(field, masked, quoted);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let masked = (self.mask)(&format!("{value:?}"));
        self.add(field, masked.clone(), masked);
    }
}

impl Fields<'_> {
    fn add(&mut self, field: &Field, as_message: String, as_value: String) {
        match field.name() {
            "message" => self.message = as_message,
            // Writing to a string cannot fail.
            name => drop(write!(self.others, " {name}={as_value}")),
        }
    }
}
