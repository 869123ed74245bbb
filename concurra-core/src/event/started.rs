//! The start of a run: its plan.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

#[cfg(feature = "replay")]
use serde::Deserialize;
use serde::Serialize;

use super::{EVENT_VERSION, rfc3339, seconds_if_any};
use crate::graph::TaskId;

/// A run and its plan, before anything runs. Secrets are `***`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct RunStarted {
    /// The version of the stream; see [`EVENT_VERSION`].
    pub schema_version: u32,
    /// The name of the run.
    pub name: Option<String>,
    /// The wall clock at the start of the run.
    #[serde(with = "rfc3339")]
    pub start_time: SystemTime,
    /// How many tasks run at once.
    pub workers: usize,
    /// How the tasks were selected.
    pub selection: SelectionSummary,
    /// The parameters of the run.
    pub params: BTreeMap<String, String>,
    /// The names of the setups, in the order in which they run.
    pub setups: Vec<String>,
    /// The names of the teardowns, in the order in which they run.
    pub teardowns: Vec<String>,
    /// The tasks of the run. Events name a task by its index here.
    pub tasks: Vec<TaskInfo>,
}

impl Default for RunStarted {
    fn default() -> Self {
        Self {
            schema_version: EVENT_VERSION,
            name: None,
            start_time: SystemTime::UNIX_EPOCH,
            workers: 0,
            selection: SelectionSummary::default(),
            params: BTreeMap::new(),
            setups: Vec::new(),
            teardowns: Vec::new(),
            tasks: Vec::new(),
        }
    }
}

/// How a selection was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct SelectionSummary {
    /// Tasks that could have been chosen.
    pub total: usize,
    /// Tasks that were chosen.
    pub chosen: usize,
    /// Tasks that run only as chosen ones depend on them, without mocked ones.
    pub pulled_in: usize,
    /// Tasks that are mocked.
    pub mocked: usize,
    /// Chosen tasks that are skipped, as they need an excluded task.
    #[cfg_attr(feature = "replay", serde(default))]
    pub skipped: usize,
    /// The filters as they were read.
    pub filter: Option<String>,
    /// Dependencies of the one task named that do not run.
    pub dependencies_left: Option<usize>,
    /// Registered tasks that are not part of the run.
    pub left_out: usize,
}

/// A task of the plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct TaskInfo {
    /// The task's name.
    pub name: String,
    /// What the task runs: the path of its function, `closure`, or its command.
    pub task: String,
    /// The source file that declares or adds the task.
    pub file: String,
    /// The line there, from 1.
    pub line: u32,
    /// The tasks of the run that it waits for.
    pub after: Vec<TaskId>,
    /// Its tags.
    pub tags: Vec<String>,
    /// How many attempts there may be after the first.
    pub retries: u32,
    /// How long each attempt may take; absent when there is no limit.
    #[serde(rename = "timeout_seconds", default, skip_serializing_if = "Option::is_none")]
    #[serde(with = "seconds_if_any")]
    pub timeout: Option<Duration>,
    /// Whether it runs only as a chosen task depends on it.
    pub is_dependency: bool,
    /// Whether its result is mocked.
    pub is_mocked: bool,
    /// Whether it runs also when the tasks it waits for did not pass, and after a stop.
    #[serde(default)]
    pub runs_always: bool,
    /// Why it is ignored; absent when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ignored: Option<String>,
    /// The excluded task that it needs, and without which it is skipped; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_excluded: Option<String>,
}
