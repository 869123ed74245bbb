//! How a task ended: the one vocabulary of the API, every report and every message.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a task ended.
///
/// ```
/// assert_eq!(concurra_core::Outcome::TimedOut.to_string(), "timed_out");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It returned a value or `Ok`.
    Passed,
    /// It returned `Err`, panicked, or its process crashed.
    Failed,
    /// It ran longer than its timeout.
    TimedOut,
    /// It was not run as a dependency did not pass, or its body called `skip!`.
    Skipped,
    /// The run was stopped before or while it ran.
    Cancelled,
    /// Its result came from outside; it was not run.
    Mocked,
    /// It is marked `#[ignore]` and ignored tasks were not asked for.
    Ignored,
}

impl Outcome {
    /// Every outcome, in the order in which summaries name them.
    pub const ALL: [Self; 7] = [
        Self::Passed,
        Self::Failed,
        Self::TimedOut,
        Self::Skipped,
        Self::Cancelled,
        Self::Mocked,
        Self::Ignored,
    ];

    /// The word of the outcome: `passed`, `timed_out`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Skipped => "skipped",
            Self::Cancelled => "cancelled",
            Self::Mocked => "mocked",
            Self::Ignored => "ignored",
        }
    }

    /// Whether dependents of the task may run: it passed or was mocked.
    #[must_use]
    pub const fn satisfies(self) -> bool {
        matches!(self, Self::Passed | Self::Mocked)
    }

    /// Whether the outcome alone makes a run a bad one.
    #[must_use]
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut | Self::Cancelled)
    }
}

/// How a task's body is run.
///
/// ```
/// assert_eq!(concurra_core::ExecutionMode::ThreadFallback.to_string(), "thread_fallback");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExecutionMode {
    /// On a worker's thread.
    Thread,
    /// In a worker process of the same binary.
    Process,
    /// As a command.
    Subprocess,
    /// On a worker's thread, as it could not run in a worker process.
    ThreadFallback,
}

impl ExecutionMode {
    /// The word of the mode: `thread`, `subprocess`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Thread => "thread",
            Self::Process => "process",
            Self::Subprocess => "subprocess",
            Self::ThreadFallback => "thread_fallback",
        }
    }
}

impl fmt::Display for ExecutionMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
