//! What happens in a run, as facts, in order, in one stream.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use crate::failure::Failure;
use crate::graph::TaskId;
use crate::outcome::Outcome;

/// Something that happened in a run.
///
/// Events of one task arrive in the order `Ready`, `Started`, `Finished`, and a task's `Finished`
/// arrives before any `Ready` of what depends on it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// All that the task waits for has finished; it waits for a worker.
    Ready {
        /// The task.
        task: TaskId,
    },
    /// A worker runs the task.
    Started {
        /// The task.
        task: TaskId,
        /// The worker's number, from 0.
        worker: usize,
        /// Since the start of the run.
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
        /// What it said.
        failure: Failure,
        /// For how long the task has been running, earlier attempts and waits included.
        running: Duration,
        /// How long the task waits before it is tried again.
        wait: Duration,
    },
    /// The task runs for a long time.
    Slow {
        /// The task.
        task: TaskId,
        /// For how long it has been running.
        running: Duration,
    },
    /// The task ended.
    Finished(Finished),
    /// Someone asked the run to stop.
    Stopping {
        /// Why.
        reason: StopReason,
    },
}

impl Event {
    /// The task that it is about.
    #[must_use]
    pub const fn task(&self) -> Option<TaskId> {
        match self {
            Self::Ready { task }
            | Self::Started { task, .. }
            | Self::Retrying { task, .. }
            | Self::Slow { task, .. }
            | Self::Finished(Finished { task, .. }) => Some(*task),
            Self::Stopping { .. } => None,
        }
    }
}

/// What a task wrote that ran in another process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskOutput {
    /// To standard output.
    pub stdout: String,
    /// To standard error.
    pub stderr: String,
}

impl TaskOutput {
    /// Whether it wrote nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.stdout.is_empty() && self.stderr.is_empty()
    }
}

/// How a task ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The task.
    pub task: TaskId,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took from the start of its first attempt, later attempts and the waits between
    /// them included; zero when it never started.
    pub duration: Duration,
    /// The worker that ran it.
    pub worker: Option<usize>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Why it did not run or pass: `load failed`, or the reason given to `skip!`.
    pub cause: Option<String>,
    /// What it wrote, when it ran in another process.
    pub output: Option<TaskOutput>,
    /// How many attempts were made; 0 when it never started.
    pub attempts: u32,
    /// How many attempts there could have been after the first.
    pub retries: u32,
    /// Whether it failed, or did not run as something else failed: what was skipped for a reason
    /// that makes no run bad is innocent.
    pub bad: bool,
    /// How many tasks have ended, this one included.
    pub done: usize,
}

impl Finished {
    /// Whether it passed after attempts that failed.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        self.outcome == Outcome::Passed && self.attempts > 1
    }
}

/// Why a run stops before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// As many tasks failed as were allowed to.
    Failures,
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// The run took longer than it may.
    Timeout,
    /// A handle asked for it.
    Abort,
}

impl StopReason {
    /// Whether tasks that already run may finish; otherwise they are given up at once.
    #[must_use]
    pub const fn spares_running(self) -> bool {
        matches!(self, Self::Interrupt | Self::Terminate)
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failures => "stopped by failures",
            Self::Interrupt => "interrupted",
            Self::Terminate => "terminated",
            Self::Timeout => "stopped as the run took too long",
            Self::Abort => "aborted",
        })
    }
}
