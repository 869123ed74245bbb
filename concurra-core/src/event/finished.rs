//! The end of a task and of a run.

use std::time::Duration;

#[cfg(feature = "replay")]
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value as Json;

use super::{StopReason, seconds, seconds_if_any};
use crate::failure::Failure;
use crate::graph::TaskId;
use crate::outcome::{ExecutionMode, Outcome};

/// The output of a task that ran in another process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct TaskOutput {
    /// To standard output.
    pub stdout: String,
    /// To standard error.
    pub stderr: String,
}

impl TaskOutput {
    /// Whether the task wrote nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.stdout.is_empty() && self.stderr.is_empty()
    }
}

/// One attempt of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
#[non_exhaustive]
pub struct AttemptRecord {
    /// From 1.
    pub number: u32,
    /// When it started, since the start of the run.
    #[serde(rename = "started_seconds", with = "seconds")]
    pub started: Duration,
    /// How long it took until it ended, or was abandoned while its body went on.
    #[serde(rename = "duration_seconds", with = "seconds")]
    pub duration: Duration,
    /// The index of the worker that ran it, from 0. None when it failed before its body was called.
    pub worker: Option<usize>,
    /// How the body was run.
    pub mode: ExecutionMode,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether another attempt followed, or was to follow.
    pub is_retried: bool,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Its output, when it ran in another process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<TaskOutput>,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct Finished {
    /// The task.
    pub task: TaskId,
    /// How it ended.
    pub outcome: Outcome,
    /// When its first attempt started, since the start of the run; `None` when it never started.
    #[serde(rename = "started_seconds", default, skip_serializing_if = "Option::is_none")]
    #[serde(with = "seconds_if_any")]
    pub started: Option<Duration>,
    /// How long it took from the start of its first attempt, later attempts and the waits between
    /// them included; zero when it never started.
    #[serde(rename = "duration_seconds", with = "seconds")]
    pub duration: Duration,
    /// The worker that ran its first attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<usize>,
    /// How the body was run; `None` when it never started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<ExecutionMode>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Why it did not run or pass: `load failed`, or the reason in `skip!`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The task at the root of a skip, however far up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<TaskId>,
    /// Its result as JSON; absent if its type cannot be written or no observer wants results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Json>,
    /// The output of its last attempt, when that ran in another process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<TaskOutput>,
    /// A warning: it ran on a thread instead of a process, or the parts of its secret result are unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// How many attempts were made; 0 when it never started.
    pub attempts: u32,
    /// How many attempts there could have been after the first.
    pub retries: u32,
    /// Its attempts, unless it simply passed: a thread's first attempt that passed has no record here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempt_records: Vec<AttemptRecord>,
    /// Whether it failed, or did not run as something else failed; `false` for tasks skipped for a
    /// benign reason.
    pub bad: bool,
    /// How many tasks have ended, this one included.
    pub done: usize,
}

impl AttemptRecord {
    /// Why it failed: the message with its causes.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        self.failure.as_ref().map(ToString::to_string)
    }

    /// Whether it failed, or timed out and another attempt followed.
    pub(crate) fn has_failed(&self) -> bool {
        self.is_retried || self.outcome == Outcome::Failed
    }
}

impl Finished {
    /// Whether it passed after attempts that failed.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        self.outcome == Outcome::Passed && self.attempts > 1
    }

    /// How many attempts there could have been.
    #[must_use]
    pub fn most_attempts(&self) -> u64 {
        u64::from(self.retries) + 1
    }

    /// The attempts that another one followed, each with its failure.
    pub fn earlier_failures(&self) -> impl DoubleEndedIterator<Item = (u32, &Failure)> {
        let retried = self.attempt_records.iter().filter(|record| record.is_retried);
        retried.filter_map(|record| Some((record.number, record.failure.as_ref()?)))
    }

    /// The record of every attempt.
    #[must_use]
    pub fn all_attempts(&self) -> Vec<AttemptRecord> {
        let (Some(started), true) = (self.started, self.attempt_records.is_empty()) else {
            return self.attempt_records.clone();
        };
        let passed = AttemptRecord {
            number: 1,
            started,
            duration: self.duration,
            worker: self.worker,
            mode: self.mode.unwrap_or(ExecutionMode::Thread),
            outcome: Outcome::Passed,
            is_retried: false,
            failure: None,
            output: None,
        };
        vec![passed]
    }
}

/// The end of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct RunFinished {
    /// How long it took, hooks included.
    #[serde(rename = "duration_seconds", with = "seconds")]
    pub duration: Duration,
    /// Whether the run finished and nothing failed, timed out or was cancelled, hooks included.
    pub good: bool,
    /// Why the run was stopped before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<StopReason>,
    /// How to run one of its tasks again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rerun: Option<Rerun>,
}

/// How to run one task of a run again: `{target}::{task}{options}` on a shell's command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct Rerun {
    /// The command up to the target.
    pub target: String,
    /// The options after the task's name, with a space before each; may be empty.
    pub options: String,
    /// Whether the options have `***` in place of secrets, which the user has to fill in.
    pub hides_secrets: bool,
}
