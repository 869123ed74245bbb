//! The last line of a call with several targets.

use std::time::Duration;

use concurra_core::Counts;

use crate::launch::run::Ended;

/// The last line: how all tasks of all targets ended. There are fewer ends than targets when
/// something kept the last ones from starting.
pub(crate) fn summary(ended: &[Ended], targets: usize, took: Duration) -> String {
    let closings = || ended.iter().filter_map(|ended| ended.closing.as_ref());
    let counts = closings().map(|closing| closing.counts).sum::<Counts>();
    let setups = closings().map(|closing| closing.failed_setups).sum();
    let teardowns = closings().map(|closing| closing.failed_teardowns).sum();
    let lost = ended.iter().filter(|ended| ended.closing.is_none()).count();
    let skipped = targets - ended.len();
    let troubles = [
        (setups, "setup", "failed"),
        (teardowns, "teardown", "failed"),
        (lost, "run", "did not finish"),
        (skipped, "target", "not run"),
    ];
    let troubles = troubles.into_iter().filter(|(count, ..)| *count > 0);
    let troubles = troubles.map(|(count, what, how)| format!(", {} {how}", plural(count, what)));
    let troubles = troubles.collect::<String>();
    format!("==== {targets} targets: {counts}{troubles} in {:.2}s ====", took.as_secs_f64())
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use concurra_core::Outcome;

    use super::*;
    use crate::supervise::{Closing, ExitClass};

    fn ended(class: ExitClass, outcomes: &[Outcome]) -> Ended {
        let mut closing = Closing::new(class);
        outcomes.iter().for_each(|outcome| closing.counts.add(*outcome));
        Ended { class, closing: Some(closing), trouble: None }
    }

    fn lost() -> Ended {
        Ended { class: ExitClass::Failed, closing: None, trouble: None }
    }

    fn line(ended: &[Ended], targets: usize) -> String {
        summary(ended, targets, Duration::from_millis(1020))
    }

    #[test]
    fn counts_are_added_up() {
        let one = [Outcome::Passed, Outcome::Passed, Outcome::TimedOut];
        let two = [Outcome::Passed; 3];
        let all = [ended(ExitClass::Failed, &one), ended(ExitClass::Good, &two), lost()];
        let expected = "==== 3 targets: 5 passed, 1 timed out, 1 run did not finish in 1.02s ====";
        assert_eq!(line(&all, 3), expected);
    }

    #[test]
    fn failed_hooks_and_targets_that_did_not_start_are_named() {
        let closing = |failed_setups, failed_teardowns| {
            let class = ExitClass::Failed;
            let closing = Closing { failed_setups, failed_teardowns, ..Closing::new(class) };
            Ended { class, closing: Some(closing), trouble: None }
        };
        let all = [closing(1, 1), closing(0, 1), lost(), lost()];
        let expected = "==== 5 targets: 0 passed, 1 setup failed, 2 teardowns failed, \
                        2 runs did not finish, 1 target not run in 1.02s ====";
        assert_eq!(line(&all, 5), expected);
    }
}
