//! Retries, time limits and isolation of tasks.

use std::time::Duration;

use humantime::DurationError;

use super::table::{Row, choice, flag, or_most, value};

pub(super) fn rows() -> Vec<Row> {
    vec![
        value(
            "retries",
            "N",
            "Retry every failed task up to N times, except tasks with `retries = never`",
            count,
            |to, retries| to.run.settings.retries = Some(retries),
        )
        .again(),
        choice(
            "flaky-result",
            [("pass", false), ("fail", true)],
            "Whether a task that passed after a retry passes or fails [default: pass]",
            |to, fails| to.run.settings.flaky_fails = Some(fails),
        )
        .again(),
        value(
            "timeout",
            "D",
            "Time limit of each attempt of every task, as in 500ms or 1m 30s",
            limit,
            |to, limit| to.run.settings.timeout = Some(limit),
        )
        .again(),
        value("run-timeout", "D", "Time limit of the run of a target", limit, |to, limit| {
            to.run.settings.run_timeout = Some(limit)
        }),
        value("grace", "D", "Time between SIGTERM and SIGKILL [default: 5s]", time, |to, grace| {
            to.run.settings.grace = Some(grace)
        })
        .again(),
        value(
            "slow",
            "D",
            "Print a line for tasks that run longer [default: 1m]",
            limit,
            |to, period| to.run.settings.slow = Some(period),
        ),
        flag("isolate", "Run every task in a worker process", |to| {
            to.run.settings.isolate = Some(true)
        })
        .again(),
    ]
}

const EXAMPLES: &str = "`500ms`, `5s` or `1m 30s`";

/// A duration other than zero.
fn limit(text: &str) -> Result<Duration, String> {
    match time(text)? {
        Duration::ZERO => {
            Err(format!("zero leaves no time to run; leave the option out, or write {EXAMPLES}"))
        }
        time => Ok(time),
    }
}

fn time(text: &str) -> Result<Duration, String> {
    sum(text).map_err(|error| match error {
        DurationError::NumberOverflow => "it is too long; write a shorter time".to_owned(),
        _ => format!("a time is needed, as in {EXAMPLES}"),
    })
}

/// Adds up the terms of `1m 30s`. humantime parses each by itself, as it panics when their sum exceeds
/// `u64::MAX` seconds.
fn sum(text: &str) -> Result<Duration, DurationError> {
    let letters = text.trim().chars().collect::<Vec<_>>();
    let terms = letters.chunk_by(|letter, next| !letter.is_alphabetic() || next.is_alphabetic());
    let terms = terms.map(|term| humantime::parse_duration(&term.iter().collect::<String>()));
    terms
        .reduce(|sum, term| sum?.checked_add(term?).ok_or(DurationError::NumberOverflow))
        .unwrap_or(Err(DurationError::Empty))
}

fn count(text: &str) -> Result<u32, String> {
    let needed = "a whole number is needed, as in `2`";
    text.parse().map_err(|error| or_most(&error, u32::MAX, needed))
}
