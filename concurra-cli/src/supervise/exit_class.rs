//! How a run ended, as far as exit codes tell it.

#[cfg(feature = "launcher")]
use serde::Deserialize;
use serde::Serialize;

use super::signals::Kind;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "launcher", derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum ExitClass {
    /// It finished, and nothing in it was bad.
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
    /// What the target holds could not be found out.
    Listing,
    /// Cargo does not understand the workspace.
    Metadata,
    /// Cargo could not build it.
    Build,
    /// A signal ended it.
    Stopped(Kind),
}

impl ExitClass {
    /// Every class, the one that decides over others last.
    pub const ALL: [Self; 12] = [
        Self::Good,
        Self::Nothing,
        Self::Failed,
        Self::Report,
        Self::Option,
        Self::Setup,
        Self::Plan,
        Self::Listing,
        Self::Metadata,
        Self::Build,
        Self::Stopped(Kind::Terminate),
        Self::Stopped(Kind::Interrupt),
    ];

    /// What `mtrun` exits with.
    #[must_use]
    pub const fn mtrun_code(self) -> u8 {
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
            Self::Stopped(Kind::Interrupt) => 130,
            Self::Stopped(Kind::Terminate) => 143,
        }
    }

    /// What the binary by itself exits with: as libtest does, and as a shell reports signals.
    #[must_use]
    pub const fn binary_code(self) -> u8 {
        match self {
            Self::Good | Self::Nothing => 0,
            Self::Stopped(_) => self.mtrun_code(),
            _ => 101,
        }
    }

    /// The one of two that decides.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let place = |class| Self::ALL.into_iter().position(|one| one == class);
        if place(self) < place(other) { other } else { self }
    }
}
