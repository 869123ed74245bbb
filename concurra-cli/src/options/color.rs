//! Whether lines are coloured.

use super::Surroundings;

/// The value of `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// When the output is a terminal.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

impl ColorChoice {
    /// Whether to colour what goes to a stream that is or is not a terminal.
    ///
    /// An explicit choice wins over `NO_COLOR`, which wins over `CLICOLOR_FORCE`.
    #[must_use]
    pub fn resolve(self, terminal: bool, around: &Surroundings<'_>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if around.set("NO_COLOR").is_some() => false,
            Self::Auto if around.set("CLICOLOR_FORCE").is_some_and(|force| force != "0") => true,
            Self::Auto => terminal && around.set("TERM").is_none_or(|term| term != "dumb"),
        }
    }
}
