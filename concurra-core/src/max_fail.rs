//! How many failures stop a run.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;

/// How many failures stop a run, and whether running tasks may then finish.
///
/// ```
/// use concurra_core::{MaxFail, Runner};
///
/// let first = Runner::new().max_fail(1);
/// let third = Runner::new().max_fail(MaxFail::immediate(3));
/// assert_eq!("3:immediate".parse(), Ok(MaxFail::immediate(3)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MaxFail {
    most: Option<NonZeroUsize>,
    immediate: bool,
}

impl MaxFail {
    /// No number of failures stops the run.
    pub const ALL: Self = Self { most: None, immediate: false };

    /// That many failures stop the run, and running tasks may finish. Zero sets no limit.
    #[must_use]
    pub const fn wait(failures: usize) -> Self {
        Self { most: NonZeroUsize::new(failures), immediate: false }
    }

    /// That many failures stop the run, and running tasks are cancelled. Zero sets no limit.
    #[must_use]
    pub const fn immediate(failures: usize) -> Self {
        Self { most: NonZeroUsize::new(failures), immediate: true }
    }

    /// The failures that stop the run; `None` without a limit.
    #[must_use]
    pub const fn failures(self) -> Option<NonZeroUsize> {
        self.most
    }

    /// Whether running tasks are cancelled; otherwise they may finish.
    #[must_use]
    pub const fn is_immediate(self) -> bool {
        self.immediate
    }

    /// The same with another number of failures.
    #[must_use]
    pub const fn with_failures(self, failures: usize) -> Self {
        Self { most: NonZeroUsize::new(failures), ..self }
    }

    /// Whether that many failures stop the run.
    #[must_use]
    pub fn is_reached_by(self, failures: usize) -> bool {
        self.most.is_some_and(|most| failures >= most.get())
    }
}

impl From<usize> for MaxFail {
    fn from(failures: usize) -> Self {
        Self::wait(failures)
    }
}

impl fmt::Display for MaxFail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            None => f.write_str("all"),
            Some(most) if self.immediate => write!(f, "{most}:immediate"),
            Some(most) => write!(f, "{most}:wait"),
        }
    }
}

impl FromStr for MaxFail {
    type Err = String;

    /// Reads `3`, `3:wait`, `3:immediate` or `all`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (number, mode) = text.split_once(':').unwrap_or((text, "wait"));
        let failures = number.parse::<NonZeroUsize>().map(NonZeroUsize::get);
        match (failures, mode) {
            _ if text == "all" => Ok(Self::ALL),
            (Ok(failures), "wait") => Ok(Self::wait(failures)),
            (Ok(failures), "immediate") => Ok(Self::immediate(failures)),
            _ => Err("expected a number from 1, `N:wait`, `N:immediate` or `all`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_read_as_it_is_written() {
        for limit in [MaxFail::ALL, MaxFail::wait(1), MaxFail::immediate(7)] {
            assert_eq!(limit.to_string().parse(), Ok(limit));
        }
        assert_eq!("2".parse(), Ok(MaxFail::wait(2)));
        for wrong in ["", "0", "-1", "two", "1:", ":wait", "1:now", "0:wait", "all:wait", "1:wait:"]
        {
            assert!(wrong.parse::<MaxFail>().is_err(), "{wrong:?}");
        }
    }
}
