//! Our subscriber, and the span that gives records of a body their task's name.

use std::ffi::OsStr;
use std::sync::Weak;

use concurra_core::State;
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, dispatcher, info_span};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

use super::layer::{CURRENT, Current, Records};
use super::sink::Sink;
use crate::options::LogOptions;

/// Our subscriber, when records are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Handle(Option<Dispatch>);

/// The levels that `RUST_LOG` sets.
fn filter(set: &OsStr) -> Result<Targets, String> {
    let advice = "write a level, or target=level, with commas between";
    let wrong = |why: String| format!("RUST_LOG={}: {why}; {advice}", set.display());
    let text = set.to_str().ok_or_else(|| wrong("it is not valid Unicode".to_owned()))?;
    text.parse::<Targets>().map_err(|error| wrong(error.to_string()))
}

impl Handle {
    /// Makes the subscriber that the options ask for. Records have `***` for the secrets of the run,
    /// which owns its state.
    pub(crate) fn install(options: &LogOptions, run: Weak<State>) -> Result<Self, String> {
        if !(options.enabled || options.dir.is_some()) {
            return Ok(Self(None));
        }
        let level = if options.verbose { LevelFilter::TRACE } else { LevelFilter::INFO };
        let filter = match std::env::var_os("RUST_LOG").filter(|set| !set.is_empty()) {
            Some(set) => filter(&set)?,
            None => Targets::new().with_default(level),
        };
        let records = Records { sink: Sink::new(options.enabled, options.dir.clone())?, run };
        let subscriber = registry().with(records.with_filter(filter));
        Ok(Self(Some(Dispatch::new(subscriber))))
    }

    /// Runs a setup or a teardown; its records carry its label. They come from this thread alone, as a
    /// setup may install a subscriber of the user's own.
    pub(crate) fn within_hook(&self, label: &str, body: &mut dyn FnMut()) {
        let Some(ours) = &self.0 else { return body() };
        let _default = dispatcher::set_default(ours);
        CURRENT.set(Some(Current { worker: None, name: label.to_owned() }));
        body();
        CURRENT.set(None);
    }

    /// Runs a body; its records carry the task's name.
    pub(crate) fn within(&self, worker: usize, task: &str, body: &mut dyn FnMut()) {
        if let Some(ours) = &self.0 {
            // Only now, as a setup may have installed the user's own: then this fails, as it does after
            // the first task.
            drop(dispatcher::set_global_default(ours.clone()));
            CURRENT.set(Some(Current { worker: Some(worker), name: task.to_owned() }));
        }
        info_span!("task", name = task, worker).in_scope(body);
        if self.0.is_some() {
            CURRENT.set(None);
        }
    }
}
