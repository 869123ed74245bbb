//! How many tasks ended how.

use std::fmt;
use std::iter::Sum;

#[cfg(feature = "replay")]
use serde::Deserialize;
use serde::Serialize;

use crate::outcome::Outcome;

/// How many tasks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct Counts {
    /// By the number of the outcome.
    outcomes: [usize; Outcome::ALL.len()],
    flaky: usize,
}

impl Counts {
    /// The numbers of tasks by the number of their outcome, and of flaky ones.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(outcomes: [usize; Outcome::ALL.len()], flaky: usize) -> Self {
        Self { outcomes, flaky }
    }

    /// The number of tasks with this outcome.
    #[must_use]
    pub const fn of(&self, outcome: Outcome) -> usize {
        self.outcomes[outcome as usize]
    }

    /// The number of tasks that passed after attempts that failed; they count as passed as well.
    #[must_use]
    pub const fn flaky(&self) -> usize {
        self.flaky
    }

    /// Counts another task.
    pub const fn add(&mut self, outcome: Outcome) {
        self.outcomes[outcome as usize] += 1;
    }

    /// The same counts with so many flaky tasks.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_flaky(mut self, flaky: usize) -> Self {
        self.flaky = flaky;
        self
    }

    /// Whether an outcome among them makes a run bad by itself.
    #[must_use]
    pub fn has_bad(&self) -> bool {
        Outcome::ALL.into_iter().any(|outcome| outcome.is_bad() && self.of(outcome) > 0)
    }

    /// The number of all tasks.
    #[must_use]
    pub fn total(&self) -> usize {
        self.outcomes.iter().sum()
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |all, more| Self {
            outcomes: std::array::from_fn(|index| all.outcomes[index] + more.outcomes[index]),
            flaky: all.flaky + more.flaky,
        })
    }
}

impl fmt::Display for Counts {
    /// `3 passed, 1 failed, 2 skipped, 1 flaky`: passed always, the others when there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed", self.of(Outcome::Passed))?;
        for outcome in &Outcome::ALL[1..] {
            let count = self.of(*outcome);
            if count > 0 {
                write!(f, ", {count} {}", outcome.as_str().replace('_', " "))?;
            }
        }
        if self.flaky > 0 { write!(f, ", {} flaky", self.flaky) } else { Ok(()) }
    }
}
