//! How a run ended, and the exit code for it.

use concurra_core::StopReason;
#[cfg(feature = "launcher")]
use serde::Deserialize;
use serde::Serialize;

/// How a run ended. Of several classes the greatest one decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "launcher", derive(Deserialize))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "launcher"), expect(dead_code, reason = "only `mtrun` calls cargo"))]
pub(crate) enum ExitClass {
    /// It finished, and nothing in it was bad.
    #[default]
    Good,
    /// Nothing was selected.
    Nothing,
    /// A task or a teardown failed or timed out, or the run did not complete.
    Failed,
    /// A report could not be written.
    Report,
    /// An option, a value, a filter or a combination was bad.
    Option,
    /// Setup failed.
    Setup,
    /// The plan was wrong.
    Plan,
    /// The target could not list its tasks, or does not fit this `mtrun`.
    Listing,
    /// Cargo does not understand the workspace.
    Metadata,
    /// Cargo could not build it.
    Build,
    /// A signal stopped it.
    Stopped(StopReason),
}

impl ExitClass {
    /// Whether nothing in the run was bad.
    pub(crate) const fn is_good(self) -> bool {
        matches!(self, Self::Good | Self::Nothing)
    }

    /// The exit code of `mtrun`.
    pub(crate) const fn mtrun_code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Nothing => 4,
            Self::Failed => 100,
            Self::Report => 110,
            Self::Option => 94,
            Self::Setup => 105,
            Self::Plan => 96,
            Self::Listing => 104,
            Self::Build => 101,
            Self::Metadata => 102,
            Self::Stopped(StopReason::Interrupt) => 130,
            Self::Stopped(StopReason::Hangup) => 129,
            Self::Stopped(_) => 143,
        }
    }

    /// The exit code of a binary by itself: libtest's codes, and a shell's codes for signals.
    pub(crate) const fn binary_code(self) -> u8 {
        match self {
            _ if self.is_good() => 0,
            Self::Stopped(_) => self.mtrun_code(),
            _ => 101,
        }
    }
}
