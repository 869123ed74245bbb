//! What can go wrong when tasks share values and results.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::nearest::did_you_mean;
use crate::outcome::Outcome;
use crate::type_text;

/// Why [`State`](super::State) did not give, take or change a value or a parameter.
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
    #[error("state has no key {key:?}{}", did_you_mean(nearest))]
    Missing {
        /// The key that was asked for.
        key: String,
        /// Keys that are spelt nearly so.
        nearest: Vec<String>,
    },
    /// The value is of another type.
    #[error("{key:?} {}", Mismatch { verb: "holds", found, asked })]
    WrongType {
        /// The key that was asked for.
        key: String,
        /// The type of the value that is there.
        found: &'static str,
        /// The type that was asked for.
        asked: &'static str,
    },
    /// The closure of an update used the key that is being updated.
    #[error(
        "{key:?} was used inside its own update; \
         read and change the `&mut` value that the closure is given"
    )]
    InUse {
        /// The key that is being updated.
        key: String,
    },
    /// Waiting would never end: the thread that holds the one waits for what this thread holds.
    #[error(
        "waiting for {wanted} would be a deadlock: its holder waits for {held}, which this thread \
         holds; take keys in the same order everywhere, or all of them inside `state.lock()`"
    )]
    WouldDeadlock {
        /// What could not be waited for, in words: the quoted key, or `state.lock()`.
        wanted: String,
        /// What this thread holds and the others wait for, in words.
        held: String,
    },
    /// An isolated task cannot change the state of its run.
    #[error(
        "{key:?} cannot be changed by an isolated task, whose process the run does not see; return \
         a result, or leave `isolate` out"
    )]
    Isolated {
        /// The key that was to be changed.
        key: String,
    },
    /// A shared value could not be read in an isolated task.
    #[error("{key:?} was shared as {}, which cannot be read here: {reason}", type_text::one(found))]
    Unreadable {
        /// The key that was asked for.
        key: String,
        /// The type of the value that was shared.
        found: String,
        /// What is to be done, or what the type's reader says.
        reason: String,
    },
    /// No such parameter was given.
    #[error("the parameter {key:?} is not set{}", param_hint(key, nearest))]
    NoParam {
        /// The parameter that was asked for.
        key: String,
        /// Parameters that are spelt nearly so.
        nearest: Vec<String>,
    },
    /// A parameter's text does not parse.
    #[error("parameter {key:?} is {text:?}, which is not {}: {reason}", type_text::one(asked))]
    BadParam {
        /// The parameter that was asked for.
        key: String,
        /// What was given.
        text: String,
        /// The type that was asked for.
        asked: &'static str,
        /// What the type's parser says.
        reason: String,
    },
}

/// Why there is no result of a task.
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
    #[error("{}", no_such_task(name, *in_run, nearest))]
    NoSuchTask {
        /// The name that was asked for.
        name: String,
        /// Whether the state belongs to a run at all.
        in_run: bool,
        /// Tasks of the run whose names are spelt nearly so.
        nearest: Vec<String>,
    },
    /// Several tasks end in this name.
    #[error("{name:?} may be any of {}; give more of its path", tasks.join(", "))]
    Ambiguous {
        /// The name that was asked for.
        name: String,
        /// The full names that it fits.
        tasks: Vec<String>,
    },
    /// The task has not finished yet.
    #[error("task {name:?} has not finished yet; name it in `after` to run when it has")]
    NotRun {
        /// The name that was asked for.
        name: String,
    },
    /// The task is not part of this run.
    #[error(
        "task {name:?} is not part of this run; run it too, or give its result \
         (`--result-{name}=VALUE`)"
    )]
    LeftOut {
        /// The name that was asked for.
        name: String,
    },
    /// The task ended without a result.
    #[error("task {name:?} has no result: it ended as {outcome}")]
    NotPassed {
        /// The name that was asked for.
        name: String,
        /// How the task ended.
        outcome: Outcome,
    },
    /// The result was freed when nothing waited for it any more.
    #[error(
        "the result of task {name:?} is gone: the run keeps results only until the last dependent \
         has ended (`keep_results(false)`)"
    )]
    Freed {
        /// The name that was asked for.
        name: String,
    },
    /// The result cannot be read in the process of an isolated task.
    #[error("the result of task {name:?} cannot be read by an isolated task: {why}")]
    Unreadable {
        /// The name that was asked for.
        name: String,
        /// The type of the result.
        found: String,
        /// What the type's writer or reader says.
        why: String,
    },
    /// The result is of another type.
    #[error("task {name:?} {}", Mismatch { verb: "returned", found, asked })]
    WrongType {
        /// The name that was asked for.
        name: String,
        /// The type of the result.
        #[serde(skip)]
        found: &'static str,
        /// The type that was asked for.
        #[serde(skip)]
        asked: &'static str,
    },
}

/// `holds an i32, not a String`.
struct Mismatch<'a> {
    verb: &'a str,
    found: &'a str,
    asked: &'a str,
}

impl fmt::Display for Mismatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (found, asked) = type_text::pair(self.found, self.asked);
        write!(f, "{} {found}, not {asked}", self.verb)
    }
}

fn param_hint(key: &str, nearest: &[String]) -> String {
    if nearest.is_empty() { format!("; pass --{key}=VALUE") } else { did_you_mean(nearest) }
}

fn no_such_task(name: &str, in_run: bool, nearest: &[String]) -> String {
    if in_run {
        format!("the run has no task {name:?}{}", did_you_mean(nearest))
    } else {
        format!("there is no result of task {name:?}: this state belongs to no run")
    }
}
