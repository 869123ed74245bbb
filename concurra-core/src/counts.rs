//! How many tasks ended how.

use std::fmt;

use crate::outcome::Outcome;

/// How many tasks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    outcomes: [usize; Outcome::ALL.len()],
    flaky: usize,
}

impl Counts {
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

    /// Counts one more.
    pub const fn add(&mut self, outcome: Outcome) {
        self.outcomes[outcome as usize] += 1;
    }

    pub(crate) const fn with_flaky(mut self, flaky: usize) -> Self {
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
