//! The words for an outcome on a line.

use concurra_core::shown::line;
use concurra_core::{Finished, Outcome};

/// The first word of a task's line, and the task's character under `-q`.
pub(super) const fn words(outcome: Outcome) -> (&'static str, char) {
    match outcome {
        Outcome::Passed => ("PASS", '.'),
        Outcome::Failed => ("FAIL", 'F'),
        Outcome::TimedOut => ("TIMEOUT", 'T'),
        Outcome::Skipped => ("SKIP", 's'),
        Outcome::Cancelled => ("CANCEL", 'c'),
        Outcome::Mocked => ("MOCK", 'm'),
        Outcome::Ignored => ("IGNORE", 'i'),
        _ => ("END", '?'),
    }
}

/// [`reason`] on one line.
pub(super) fn reason_line(end: &Finished) -> Option<String> {
    reason(end).map(|reason| line(&reason).into_owned())
}

/// Why a task did not run or did not finish: `skipped: load failed`.
pub(super) fn reason(end: &Finished) -> Option<String> {
    let cause = end.cause.as_deref()?;
    Some(match end.outcome {
        outcome if cause.trim().is_empty() => outcome.to_string(),
        outcome @ (Outcome::Skipped | Outcome::Cancelled) => format!("{outcome}: {cause}"),
        _ => cause.to_owned(),
    })
}
