//! What is said about several targets together.

use std::fmt::Write;
use std::time::Duration;

use concurra_core::Outcome;

use super::supervisor::Ended;
use crate::supervise::{Absent, ExitClass};

/// The line above the output of a target.
pub(super) fn heading(label: &str, color: bool) -> String {
    let line = format!("==> {label}");
    if color { format!("\u{1b}[1m{line}\u{1b}[0m") } else { line }
}

/// The last line: how all tasks of all targets ended.
pub(super) fn summary(ended: &[Ended], took: Duration, color: bool) -> String {
    let closings = || ended.iter().filter_map(|ended| ended.closing.as_ref());
    let mut text = format!("{} targets: ", ended.len());
    let counts = Outcome::ALL.into_iter().filter_map(|outcome| {
        let all = closings().flat_map(|closing| &closing.counts);
        let count = all.filter(|(of, _)| *of == outcome).map(|(_, count)| count).sum::<usize>();
        (count > 0 || outcome == Outcome::Passed).then(|| format!("{count} {}", words(outcome)))
    });
    let mut counts = counts.collect::<Vec<_>>();
    let flaky = closings().map(|closing| closing.flaky).sum::<usize>();
    counts.extend((flaky > 0).then(|| format!("{flaky} flaky")));
    let lost = ended.iter().filter(|ended| ended.closing.is_none()).count();
    counts.extend((lost > 0).then(|| format!("{lost} {} not finish", runs(lost))));
    text.push_str(&counts.join(", "));
    let _ = write!(text, " in {:.2}s", took.as_secs_f64());
    let line = format!("==== {text} ====");
    let good =
        ended.iter().all(|ended| matches!(ended.class, ExitClass::Good | ExitClass::Nothing));
    let code = if good { 32 } else { 31 };
    if color { format!("\u{1b}[1;{code}m{line}\u{1b}[0m") } else { line }
}

const fn runs(count: usize) -> &'static str {
    if count == 1 { "run did" } else { "runs did" }
}

fn words(outcome: Outcome) -> String {
    outcome.as_str().replace('_', " ")
}

/// The names on the command line that no target knows.
pub(super) fn known_nowhere(ended: &[Ended]) -> Vec<&Absent> {
    let mut absent = ended.iter().map(|ended| match &ended.closing {
        Some(closing) => closing.absent.as_slice(),
        None => &[],
    });
    let Some(first) = absent.next() else { return Vec::new() };
    let others = absent.collect::<Vec<_>>();
    let nowhere = |what: &Absent| {
        others.iter().all(|other| other.iter().any(|absent| absent.what == what.what))
    };
    first.iter().filter(|what| nowhere(what)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supervise::Closing;

    fn ended(class: ExitClass, counts: &[(Outcome, usize)], absent: &[&str]) -> Ended {
        let absent = absent.iter().map(|what| Absent {
            what: (*what).to_owned(),
            message: format!("unknown {what}"),
            class: ExitClass::Option,
        });
        let (counts, absent) = (counts.to_vec(), absent.collect());
        let closing = Closing { counts, absent, ..Closing::new(class) };
        Ended { class, closing: Some(closing), trouble: None }
    }

    #[test]
    fn counts_are_added_up() {
        let one = [(Outcome::Passed, 2), (Outcome::TimedOut, 1)];
        let all = [
            ended(ExitClass::Failed, &one, &[]),
            ended(ExitClass::Good, &[(Outcome::Passed, 3)], &[]),
            Ended { class: ExitClass::Failed, closing: None, trouble: None },
        ];
        let line = summary(&all, Duration::from_millis(1020), false);
        let expected = "==== 3 targets: 5 passed, 1 timed out, 1 run did not finish in 1.02s ====";
        assert_eq!(line, expected);
    }

    #[test]
    fn a_name_must_be_known_to_one_target() {
        let tag = ended(ExitClass::Nothing, &[], &["tag a", "tag b"]);
        let other = ended(ExitClass::Good, &[], &["tag b"]);
        let nowhere = [tag, other];
        let nowhere = known_nowhere(&nowhere);
        assert_eq!(
            nowhere.iter().map(|absent| absent.what.as_str()).collect::<Vec<_>>(),
            ["tag b"]
        );
    }
}
