//! How the console prints, and colours.

use std::fmt::Display;

use concurra_core::Outcome;

/// How the console prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) color: bool,
    /// Also shows the captured output of tasks that passed.
    pub(crate) show_output: bool,
}

impl Style {
    pub(crate) fn bold(self, text: impl Display) -> String {
        self.paint("1", text)
    }

    pub(super) fn dim(self, text: impl Display) -> String {
        self.paint("2", text)
    }

    pub(crate) fn good(self, text: impl Display) -> String {
        self.paint("32", text)
    }

    pub(crate) fn bad(self, text: impl Display) -> String {
        self.paint("1;31", text)
    }

    pub(super) fn outcome(self, outcome: Outcome, text: impl Display) -> String {
        let code = match outcome {
            Outcome::Passed => "32",
            Outcome::Failed | Outcome::TimedOut => "1;31",
            Outcome::Cancelled => "31",
            Outcome::Skipped => "33",
            _ => "36",
        };
        self.paint(code, text)
    }

    fn paint(self, code: &str, text: impl Display) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }
}
