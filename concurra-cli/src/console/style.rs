//! Colours, when they are wanted.

use std::fmt;

use concurra_core::Outcome;

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) color: bool,
}

/// Text that may be wrapped in a colour.
pub(crate) struct Painted<T> {
    text: T,
    code: Option<&'static str>,
}

impl Style {
    pub(crate) fn bold<T>(self, text: T) -> Painted<T> {
        self.paint("1", text)
    }

    pub(crate) fn dim<T>(self, text: T) -> Painted<T> {
        self.paint("2", text)
    }

    pub(crate) fn good<T>(self, text: T) -> Painted<T> {
        self.paint("32", text)
    }

    pub(crate) fn bad<T>(self, text: T) -> Painted<T> {
        self.paint("1;31", text)
    }

    pub(crate) fn outcome<T>(self, outcome: Outcome, text: T) -> Painted<T> {
        let code = match outcome {
            Outcome::Passed => "32",
            Outcome::Failed | Outcome::TimedOut => "1;31",
            Outcome::Cancelled => "31",
            Outcome::Skipped => "33",
            _ => "36",
        };
        self.paint(code, text)
    }

    fn paint<T>(self, code: &'static str, text: T) -> Painted<T> {
        Painted { text, code: self.color.then_some(code) }
    }
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => {
                write!(f, "\x1b[{code}m")?;
                self.text.fmt(f)?;
                f.write_str("\x1b[0m")
            }
            None => self.text.fmt(f),
        }
    }
}
