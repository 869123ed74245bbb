//! How many failures may still happen before `mtrun` starts no other target.

use crate::launch::run::Ended;

/// How many failures may still happen, over all targets.
#[derive(Debug)]
pub(crate) struct Allowance {
    most: Option<usize>,
    failures: usize,
}

impl Allowance {
    /// At most as many as the command line allows.
    pub(crate) const fn new(most: Option<usize>) -> Self {
        Self { most, failures: 0 }
    }

    /// Counts the failures of a target.
    pub(crate) fn note(&mut self, ended: &Ended) {
        self.failures += ended.failures();
    }

    /// Whether no other target may start.
    pub(crate) fn is_spent(&self) -> bool {
        self.most.is_some_and(|most| self.failures >= most)
    }

    /// The option for the next runner, after those of the command line: the last one counts.
    pub(crate) fn option(&self) -> Option<String> {
        let left = self.most?.saturating_sub(self.failures);
        (self.failures > 0).then(|| format!("--max-fail={left}"))
    }
}

#[cfg(test)]
mod tests {
    use concurra_core::Outcome;

    use super::*;
    use crate::supervise::{Closing, ExitClass};

    fn ended(class: ExitClass, closing: Option<Closing>) -> Ended {
        Ended { class, closing, trouble: None }
    }

    fn failed(counts: &[(Outcome, usize)], setups: usize, teardowns: usize) -> Ended {
        let mut closing = Closing::new(ExitClass::Failed);
        for (outcome, count) in counts {
            (0..*count).for_each(|_| closing.counts.add(*outcome));
        }
        (closing.failed_setups, closing.failed_teardowns) = (setups, teardowns);
        ended(closing.class, Some(closing))
    }

    #[test]
    fn what_is_left_goes_to_the_next_target() {
        let mut allowance = Allowance::new(Some(8));
        assert_eq!(allowance.option(), None);
        let counts = [(Outcome::Passed, 9), (Outcome::Failed, 1), (Outcome::TimedOut, 2)];
        allowance.note(&failed(&counts, 0, 0));
        assert_eq!(allowance.option().as_deref(), Some("--max-fail=5"));
        allowance.note(&failed(&[(Outcome::Skipped, 4)], 1, 2));
        assert_eq!(allowance.option().as_deref(), Some("--max-fail=2"));
        // One that never ended, and one whose plan is wrong, which is no failure of a run.
        allowance.note(&ended(ExitClass::Failed, None));
        allowance.note(&ended(ExitClass::Plan, Some(Closing::new(ExitClass::Plan))));
        assert_eq!(allowance.option().as_deref(), Some("--max-fail=1"));
        assert!(!allowance.is_spent());
        allowance.note(&failed(&[(Outcome::Failed, 3)], 0, 0));
        assert!(allowance.is_spent());
    }

    #[test]
    fn without_a_limit_nothing_is_spent() {
        let mut allowance = Allowance::new(None);
        allowance.note(&failed(&[(Outcome::Failed, 100)], 0, 0));
        assert!(!allowance.is_spent());
        assert_eq!(allowance.option(), None);
    }
}
