//! How many tasks ended how.

use std::fmt;

use crate::outcome::Outcome;

/// How many tasks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([usize; Outcome::ALL.len()]);

impl Counts {
    /// The number of tasks with this outcome.
    #[must_use]
    pub const fn of(&self, outcome: Outcome) -> usize {
        self.0[outcome as usize]
    }

    /// Counts one more.
    pub const fn add(&mut self, outcome: Outcome) {
        self.0[outcome as usize] += 1;
    }

    /// The number of all tasks.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }
}

impl fmt::Display for Counts {
    /// `3 passed, 1 failed, 2 skipped`: passed always, the others when there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed", self.of(Outcome::Passed))?;
        for outcome in &Outcome::ALL[1..] {
            let count = self.of(*outcome);
            if count > 0 {
                write!(f, ", {count} {}", outcome.as_str().replace('_', " "))?;
            }
        }
        Ok(())
    }
}
