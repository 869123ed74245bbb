//! Setups and teardowns.

use std::fmt;
use std::time::Duration;

#[cfg(feature = "replay")]
use serde::Deserialize;
use serde::Serialize;

use super::seconds;
use crate::failure::Failure;
use crate::outcome::Outcome;

/// Whether a hook runs before or after all tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum HookKind {
    /// Runs before any task.
    Setup,
    /// Runs after every task.
    Teardown,
}

impl fmt::Display for HookKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Setup => "setup",
            Self::Teardown => "teardown",
        })
    }
}

/// A hook is about to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct HookStarted {
    /// Whether it is a setup.
    pub hook: HookKind,
    /// The hook's name.
    pub name: String,
}

/// A hook ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct HookFinished {
    /// Whether it is a setup.
    pub hook: HookKind,
    /// The hook's name.
    pub name: String,
    /// The source file that declares it.
    pub file: String,
    /// The line there, from 1.
    pub line: u32,
    /// How long it took.
    #[serde(rename = "duration_seconds", with = "seconds")]
    pub duration: Duration,
    /// How it ended: `passed`, `failed`, `timed_out`, `cancelled` or `skipped`.
    pub outcome: Outcome,
    /// Why it asked to be skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}
