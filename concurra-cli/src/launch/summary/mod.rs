//! The common end of several targets: how many failures are left, the summary, and the exit code.

mod line;
mod printer;

pub(crate) use printer::Printer;

use super::run::Ended;
use crate::supervise::ExitClass;

/// How several targets ended together: a target without selected tasks does not count beside others.
pub(crate) fn class_of_several(classes: impl IntoIterator<Item = ExitClass>) -> ExitClass {
    let classes = classes.into_iter().filter(|class| *class != ExitClass::Nothing);
    classes.reduce(ExitClass::max).unwrap_or(ExitClass::Nothing)
}

/// How many failures may still happen before no other target starts; none without a limit.
pub(crate) fn failures_left(max_fail: Option<usize>, ended: &[Ended]) -> Option<usize> {
    Some(max_fail?.saturating_sub(ended.iter().map(Ended::failures).sum()))
}

#[cfg(test)]
mod tests {
    use concurra_core::{Counts, Outcome};

    use super::*;
    use crate::supervise::Closing;

    fn failed(outcomes: &[(Outcome, usize)], setups: usize, teardowns: usize) -> Ended {
        let class = ExitClass::Failed;
        let (mut counts, closing) = (Counts::default(), Closing::new(class));
        for &(outcome, count) in outcomes {
            (0..count).for_each(|_| counts.add(outcome));
        }
        let (failed_setups, failed_teardowns) = (setups, teardowns);
        let closing = Closing { counts, failed_setups, failed_teardowns, ..closing };
        Ended { class, closing: Some(closing), trouble: None }
    }

    #[test]
    fn failures_of_all_targets_count() {
        let counts = [(Outcome::Passed, 9), (Outcome::Failed, 1), (Outcome::TimedOut, 2)];
        let plan = ExitClass::Plan;
        let ended = [
            (failed(&counts, 0, 0), 5),
            (failed(&[(Outcome::Skipped, 4)], 1, 2), 2),
            // A run that did not finish, and a wrong plan, which is no failure of a run.
            (Ended { class: ExitClass::Failed, closing: None, trouble: None }, 1),
            (Ended { class: plan, closing: Some(Closing::new(plan)), trouble: None }, 1),
            (failed(&[(Outcome::Failed, 3)], 0, 0), 0),
        ];
        let (ended, left): (Vec<_>, Vec<_>) = ended.into_iter().unzip();
        assert_eq!(failures_left(Some(8), &[]), Some(8));
        for (count, left) in (1..).zip(left) {
            assert_eq!(failures_left(Some(8), &ended[..count]), Some(left));
        }
        assert_eq!(failures_left(None, &ended), None);
    }

    #[test]
    fn nothing_selected_counts_only_when_it_is_so_everywhere() {
        use ExitClass::{Failed, Good, Nothing};
        assert_eq!(class_of_several([Nothing, Good]), Good);
        assert_eq!(class_of_several([Nothing, Failed, Good]), Failed);
        assert_eq!(class_of_several([Nothing, Nothing]), Nothing);
        assert_eq!(class_of_several([]), Nothing);
    }
}
