//! The messages between a run and its worker processes. Each is a line of JSON.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::codec::Sent;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::registry::{self, TaskDef};
use crate::state::{ResultError, Shared};

/// A message from the run.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ToChild {
    /// The first message: the parameters of the run, and the level that its log wants.
    Start {
        params: BTreeMap<String, String>,
        log: String,
    },
    /// Run the task with this key.
    Run(String),
    Answer(Answer),
    /// The last message: end, as the run needs no worker process any more.
    Leave,
}

/// A message from a worker process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ToParent {
    /// The first message of a process that takes tasks: its version.
    Hello(String),
    /// The first message of a process that cannot take tasks: the reason.
    Unable(String),
    Ask(Question),
    /// Code asks for the parameter of this name.
    Param(String),
    Log {
        level: String,
        target: String,
        text: String,
    },
    /// Comes before `Done`: the task has left threads behind.
    LeftThreads,
    Done(Done),
}

/// A question of a task about its run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Question {
    /// The result of a task, by name.
    Result(String),
    /// The finished tasks.
    Finished,
    /// A shared value, by key.
    Shared(String),
    /// The keys of all shared values.
    SharedKeys,
}

/// The answer to the question of the same name.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Result(Result<Option<Sent>, ResultError>),
    Finished(Vec<(String, Outcome)>),
    Shared(Shared),
    SharedKeys(Vec<String>),
}

/// How a task ended in a worker process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Done {
    /// With its result; `None` stands for `()`.
    Passed(Option<Sent>),
    Skipped(String),
    Failed(Failure),
}

/// Reads a message. By way of a value, as every program contains this code, and derived readers of
/// text take much more room.
pub(super) fn read<T: DeserializeOwned>(line: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice::<Json>(line).and_then(serde_json::from_value)
}

/// The key by which parent and child, which are the same program, name a task.
pub(crate) fn key(def: &TaskDef) -> String {
    let place = def.place;
    format!("{} {} {}:{}:{}", def.module, def.name, place.file, place.line, place.column)
}

/// Every registered task by its key.
pub(super) fn tasks_by_key() -> HashMap<String, &'static TaskDef> {
    registry::tasks().map(|def| (key(def), def)).collect()
}
