//! The events of a run: facts, in order, in one stream.
//!
//! Events are complete: reporters, records and the live view know nothing else of a run. They
//! serialise, so that a recorded run can be replayed, also in another process. No text in them has
//! a secret that was known when they were sent.

mod finished;
mod hook;
mod started;
mod time;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use finished::{AttemptRecord, Finished, Rerun, RunFinished, TaskOutput};
pub use hook::{HookFinished, HookKind, HookStarted};
pub use started::{RunStarted, SelectionSummary, TaskInfo};
pub(crate) use time::{rfc3339, seconds, seconds_if_any};

use crate::failure::Failure;
use crate::graph::TaskId;

/// The version of the stream. It grows when a field vanishes or changes its meaning, not when a field or
/// an event is added.
pub const EVENT_VERSION: u32 = 1;

/// Something that happened in a run; `docs/events.md` describes each as JSON.
///
/// A run begins with `RunStarted` and ends with `RunFinished`, or under `mtrun` with `RunLost`. Events of
/// one task arrive in the order `Ready`, `Started`, `Finished`. A task's `Finished` arrives before any
/// `Ready` of its dependents.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The run begins: no setup has run.
    RunStarted(Arc<RunStarted>),
    /// A setup or teardown is about to run.
    HookStarted(HookStarted),
    /// A setup or teardown ended.
    HookFinished(HookFinished),
    /// Everything that the task waits for has finished; the task waits for a worker.
    Ready {
        /// The task.
        task: TaskId,
    },
    /// A worker runs the task.
    Started {
        /// The task.
        task: TaskId,
        /// The worker's index, from 0.
        worker: usize,
        /// Since the start of the run.
        #[serde(rename = "at_seconds", with = "seconds")]
        at: Duration,
    },
    /// An attempt failed, and another follows.
    Retrying {
        /// The task.
        task: TaskId,
        /// The number of the attempt that failed, from 1.
        attempt: NonZeroU32,
        /// How many attempts there may be.
        of: NonZeroU32,
        /// Why it failed.
        failure: Failure,
        /// For how long the task has been running, earlier attempts and waits included.
        #[serde(rename = "running_seconds", with = "seconds")]
        running: Duration,
        /// How long the task waits before its next attempt.
        #[serde(rename = "wait_seconds", with = "seconds")]
        wait: Duration,
    },
    /// The task has been running for a long time.
    Slow {
        /// The task.
        task: TaskId,
        /// For how long it has been running.
        #[serde(rename = "running_seconds", with = "seconds")]
        running: Duration,
    },
    /// The hook has been running for a long time.
    HookSlow {
        /// Whether it is a setup.
        hook: HookKind,
        /// The hook's name.
        name: String,
        /// For how long it has been running.
        #[serde(rename = "running_seconds", with = "seconds")]
        running: Duration,
    },
    /// The task ended.
    Finished(Arc<Finished>),
    /// The end of a task once more, as a text in it became secret after the first `Finished`.
    Remasked(Arc<Finished>),
    /// The run stops, or a later stop reaches further: no task and no retry starts, except `always`
    /// tasks.
    Stopping {
        /// Why.
        reason: StopReason,
        /// Whether running tasks are cancelled; otherwise they may finish.
        cancels: bool,
    },
    /// The run waits for bodies that go on although their tasks or hooks have ended, before `always` tasks
    /// of a stopped run or before teardowns.
    AwaitingAbandoned {
        /// The names of the tasks and hooks.
        names: Vec<String>,
        /// For how long at most.
        #[serde(rename = "at_most_seconds", with = "seconds")]
        at_most: Duration,
    },
    /// A problem outside of the tasks.
    Warning {
        /// What, in a sentence.
        text: String,
    },
    /// The run is over, teardowns included.
    RunFinished(RunFinished),
    /// The run did not finish; only `mtrun` reports this.
    RunLost {
        /// Why.
        error: String,
    },
}

impl Event {
    /// The task that the event is about.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Self::Ready { task }
            | Self::Started { task, .. }
            | Self::Retrying { task, .. }
            | Self::Slow { task, .. } => Some(*task),
            Self::Finished(end) | Self::Remasked(end) => Some(end.task),
            _ => None,
        }
    }
}

impl From<Finished> for Event {
    fn from(end: Finished) -> Self {
        Self::Finished(end.into())
    }
}

/// Why a run stops before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopReason {
    /// As many tasks failed as were allowed to.
    Failures,
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGHUP: the terminal was closed.
    Hangup,
    /// The run took longer than its timeout.
    Timeout,
    /// A handle asked for it.
    Abort,
}

impl StopReason {
    /// Whether a signal stopped the run.
    #[must_use]
    pub const fn is_signal(self) -> bool {
        matches!(self, Self::Interrupt | Self::Terminate | Self::Hangup)
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failures => "stopped by failures",
            Self::Interrupt => "interrupted",
            Self::Terminate => "terminated",
            Self::Hangup => "hung up",
            Self::Timeout => "stopped as the run took too long",
            Self::Abort => "aborted",
        })
    }
}
