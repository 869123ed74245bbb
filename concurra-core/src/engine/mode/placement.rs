//! Whether a task can be in a worker process, and in which.

use std::any::type_name;

use serde_json::Value as Json;

use super::Attempt;
use crate::failure::{Ending, Failure};
use crate::isolate::{self, Host};
use crate::registry::TaskDef;
use crate::type_text;

/// Why a task has no worker process.
pub(super) enum Unplaced {
    /// Another attempt may have one.
    Now(Ending),
    /// No attempt will ever have one.
    Never {
        why: String,
        /// What to do about it, as it stands behind the reason.
        way_out: &'static str,
    },
}

/// Whether the task can run in a worker process; why not, otherwise.
pub(super) fn possible(def: Option<&'static TaskDef>) -> Result<&'static TaskDef, Unplaced> {
    let because = |why: &str, way_out| Err(Unplaced::Never { why: why.to_owned(), way_out });
    let Some(def) = def else {
        return because(
            "a closure cannot run in a worker process",
            "; annotate a function with `#[task(isolate)]`, or let it run in a thread \
             (`.isolate(false)`)",
        );
    };
    if isolate::is_worker_process() {
        return because(
            "an isolated task has no worker processes of its own",
            "; let the tasks of its run run in threads (`.isolate(false)`)",
        );
    }
    if !isolate::is_possible() {
        return because(
            "this program has no worker processes",
            "; begin its `main` with `concurra::worker_process()`, or use `concurra::main!()`",
        );
    }
    let result = (def.result)();
    let is_unit = result.name == type_name::<()>();
    if !is_unit && (result.encode.is_none() || result.decode.is_none()) {
        let result = type_text::one(result.name);
        return because(
            &format!("its result, {result}, cannot come back from a worker process"),
            "; derive serde::Serialize and serde::Deserialize for its type",
        );
    }
    Ok(def)
}

/// A worker process that waits, or a new one.
pub(super) fn host(attempt: &Attempt<'_>) -> Result<Host, Unplaced> {
    // Without hosts the run is over.
    let hosts = attempt.run.hosts.upgrade().ok_or(Unplaced::Now(Ending::Cancelled))?;
    hosts.take(|| params(attempt)).map_err(|error| match error.is_lasting() {
        // It says itself what to do.
        true => Unplaced::Never { why: error.to_string(), way_out: "" },
        false => Unplaced::Now(Ending::Failed(Failure::message(error.to_string()))),
    })
}

fn params(attempt: &Attempt<'_>) -> Json {
    let params = attempt.run.state.params().iter();
    params.map(|(key, text)| (key.clone(), Json::from(text.as_str()))).collect()
}
