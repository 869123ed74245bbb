//! Errors of shared values, parameters and results.

use serde::{Deserialize, Serialize};

use crate::nearest::did_you_mean;
use crate::outcome::Outcome;
use crate::type_text;

/// Why [`State`](super::State) did not return or change a value or a parameter.
///
/// ```
/// use concurra_core::{State, StateError};
/// let error = State::default().get::<u8>("cfg").unwrap_err();
/// assert!(matches!(error, StateError::Missing { .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// No value has this key.
    #[error("state has no key {key:?}{}", advice(*known_as, key, nearest))]
    Missing {
        /// The key.
        key: String,
        /// Keys with a similar spelling.
        nearest: Vec<String>,
        /// What else has this name.
        known_as: Option<KnownAs>,
    },
    /// The value is not shared, so an isolated task cannot read it.
    #[error(
        "{key:?} is in the state of the run, but isolated tasks see only shared values; store it by \
         `State::share` in place of `insert`, or leave `isolate` out"
    )]
    NotShared {
        /// The key.
        key: String,
    },
    /// The value is of another type.
    #[error("{key:?} holds {}", mismatch(found, asked))]
    WrongType {
        /// The key.
        key: String,
        /// The type of the value.
        found: &'static str,
        /// The type that the caller asked for.
        asked: &'static str,
    },
    /// The closure of an update used the key that it updates.
    #[error(
        "{key:?} was used inside its own update; \
         read and change the closure's `&mut` value"
    )]
    InUse {
        /// The key.
        key: String,
    },
    /// A deadlock: the holder of the wanted resource waits for one that this thread holds.
    #[error(
        "waiting for {wanted} would be a deadlock: its holder waits for {held}, which this thread \
         holds; take keys in the same order everywhere, or all of them inside `state.lock()`"
    )]
    WouldDeadlock {
        /// The wanted resource: a quoted key, or `state.lock()`.
        wanted: String,
        /// The resource that this thread holds and others wait for.
        held: String,
    },
    /// An isolated task cannot change the state of its run.
    #[error(
        "{key:?} cannot be changed by an isolated task, whose process the run does not see; return \
         a result, or leave `isolate` out"
    )]
    Isolated {
        /// The key.
        key: String,
    },
    /// A shared value could not be read in an isolated task.
    #[error("{key:?} was shared as {}, which cannot be read here: {reason}", type_text::one(found))]
    Unreadable {
        /// The key.
        key: String,
        /// The type of the value that was shared.
        found: String,
        /// What to do, or the message of the type's reader.
        reason: String,
    },
    /// The parameter is not set.
    #[error("the parameter {key:?} is not set{}", param_hint(*known_as, key, nearest))]
    NoParam {
        /// The parameter.
        key: String,
        /// Parameters with a similar spelling.
        nearest: Vec<String>,
        /// What else has this name.
        known_as: Option<KnownAs>,
    },
    /// A parameter's text does not parse.
    #[error("parameter {key:?} is {text:?}, which is not {}: {reason}", type_text::one(asked))]
    BadParam {
        /// The parameter.
        key: String,
        /// The text of the parameter.
        text: String,
        /// The type that the caller asked for.
        asked: &'static str,
        /// The message of the type's parser.
        reason: String,
    },
}

/// What a name stands for that was not found where a caller looked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownAs {
    /// The key of a value in the state.
    Key,
    /// A parameter.
    Param,
    /// A task.
    Task,
}

/// Why a task's result is not available.
///
/// ```
/// use concurra_core::{ResultError, State};
/// let error = State::default().result::<u8>("load").unwrap_err();
/// assert!(matches!(error, ResultError::NoSuchTask { in_run: false, .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ResultError {
    /// The run has no such task, or the state belongs to no run.
    #[error("{}", no_such_task(*known_as, name, *in_run, nearest))]
    NoSuchTask {
        /// The name.
        name: String,
        /// Whether the state belongs to a run at all.
        in_run: bool,
        /// Tasks of the run with a similar name.
        nearest: Vec<String>,
        /// What else has this name.
        #[serde(skip)]
        known_as: Option<KnownAs>,
    },
    /// Several tasks end in this name.
    #[error("{name:?} may be any of {}; give more of its path", tasks.join(", "))]
    Ambiguous {
        /// The name.
        name: String,
        /// The full names that end in it.
        tasks: Vec<String>,
    },
    /// The task has not finished yet.
    #[error("task {name:?} has not finished yet; name it in `after` to run when it has")]
    NotRun {
        /// The name.
        name: String,
    },
    /// The task is not part of this run.
    #[error(
        "task {name:?} is not part of this run; run it too, or mock it (`--result-{name}=VALUE`)"
    )]
    LeftOut {
        /// The name.
        name: String,
    },
    /// The task ended without a result.
    #[error("task {name:?} has no result: it ended as {outcome}")]
    NotPassed {
        /// The name.
        name: String,
        /// How the task ended.
        outcome: Outcome,
    },
    /// The run freed the result after the last dependent had ended.
    #[error(
        "the run freed the result of task {name:?} when the last dependent had ended, because of \
         `keep_results(false)`"
    )]
    Freed {
        /// The name.
        name: String,
    },
    /// The result cannot be read in the process of an isolated task.
    #[error("the result of task {name:?} cannot be read by an isolated task: {why}")]
    Unreadable {
        /// The name.
        name: String,
        /// The type of the result.
        found: String,
        /// The message of the type's writer or reader.
        why: String,
    },
    /// The result is of another type.
    #[error("task {name:?} returned {}", mismatch(found, asked))]
    WrongType {
        /// The name.
        name: String,
        /// The type of the result.
        #[serde(skip)]
        found: &'static str,
        /// The type that the caller asked for.
        #[serde(skip)]
        asked: &'static str,
    },
}

/// `an i32, not a String`.
fn mismatch(found: &str, asked: &str) -> String {
    let (found, asked) = type_text::pair(found, asked);
    format!("{found}, not {asked}")
}

/// The method that finds what has the name, or else similar names.
fn advice(known_as: Option<KnownAs>, name: &str, nearest: &[String]) -> String {
    match known_as {
        Some(KnownAs::Key) => format!("; read the value of this key by `state.get({name:?})`"),
        Some(KnownAs::Param) => format!("; read the parameter by `state.param({name:?})`"),
        Some(KnownAs::Task) => format!("; read the task's result by `state.result({name:?})`"),
        None => did_you_mean(nearest),
    }
}

fn param_hint(known_as: Option<KnownAs>, key: &str, nearest: &[String]) -> String {
    if nearest.is_empty() && known_as.is_none() {
        format!("; pass --{key}=VALUE")
    } else {
        advice(known_as, key, nearest)
    }
}

fn no_such_task(known_as: Option<KnownAs>, name: &str, in_run: bool, nearest: &[String]) -> String {
    if in_run {
        format!("the run has no task {name:?}{}", advice(known_as, name, nearest))
    } else {
        format!("there is no result of task {name:?}: this state belongs to no run")
    }
}
