//! Finds a worker process for a task.

use super::Attempt;
use crate::codec;
use crate::failure::{Ending, Failure};
use crate::isolate::{self, Host};
use crate::registry::TaskDef;
use crate::type_text;

/// Why a task has no worker process.
pub(super) enum Unplaced {
    /// A retry may find one.
    Now(Ending),
    /// No retry will find one.
    Never {
        why: String,
        /// What the user can do, to follow the reason in a message.
        advice: &'static str,
    },
}

/// The definition of a task that can run in a worker process; the error says why it cannot.
pub(super) fn possible(def: Option<&'static TaskDef>) -> Result<&'static TaskDef, Unplaced> {
    let because = |why: &str, advice| Err(Unplaced::Never { why: why.to_owned(), advice });
    let Some(def) = def else {
        return because(
            "a closure cannot run in a worker process",
            "; annotate a function with `#[task(isolate)]`, or let it run in a thread \
             (`.isolate(false)`)",
        );
    };
    if isolate::is_worker_process() {
        return because(
            "an isolated task cannot start worker processes",
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
    if !codec::crosses(&result) {
        let result = type_text::one(result.name);
        return because(
            &format!("its result, {result}, cannot come back from a worker process"),
            "; derive serde::Serialize and serde::Deserialize for its type",
        );
    }
    Ok(def)
}

/// An idle worker process, or a new one.
pub(super) fn host(attempt: &Attempt<'_>) -> Result<Host, Unplaced> {
    // Without hosts the run is over.
    let hosts = attempt.run.hosts.upgrade().ok_or(Unplaced::Now(Ending::Cancelled))?;
    hosts.take(attempt.run.state.params()).map_err(|error| match error.is_lasting() {
        // The error itself has the advice.
        true => Unplaced::Never { why: error.to_string(), advice: "" },
        false => Unplaced::Now(Ending::Failed(Failure::message(error.to_string()))),
    })
}
