//! The words for an outcome on a line.

use concurra_core::{Finished, Outcome};

/// The first word of a task's line.
pub(crate) const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "PASS",
        Outcome::Failed => "FAIL",
        Outcome::TimedOut => "TIMEOUT",
        Outcome::Skipped => "SKIP",
        Outcome::Cancelled => "CANCEL",
        Outcome::Mocked => "MOCK",
        Outcome::Ignored => "IGNORE",
        _ => "END",
    }
}

/// The character of a task under `-q`.
pub(crate) const fn character(outcome: Outcome) -> char {
    match outcome {
        Outcome::Passed => '.',
        Outcome::Failed => 'F',
        Outcome::TimedOut => 'T',
        Outcome::Skipped => 's',
        Outcome::Cancelled => 'c',
        Outcome::Mocked => 'm',
        Outcome::Ignored => 'i',
        _ => '?',
    }
}

/// Why a task did not run or did not finish: `skipped: load failed`.
pub(crate) fn reason(finished: &Finished) -> Option<String> {
    let cause = finished.cause.as_deref()?;
    Some(match finished.outcome {
        Outcome::Skipped => format!("skipped: {cause}"),
        Outcome::Cancelled => format!("cancelled: {cause}"),
        _ => cause.to_owned(),
    })
}
