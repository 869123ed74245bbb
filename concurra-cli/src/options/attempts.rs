//! Retries, time limits and isolation of tasks.

use std::time::Duration;

use humantime::DurationError;

use super::table::{Row, choice, flag, or_most, value};

pub(super) fn rows() -> Vec<Row> {
    vec![
        value(
            "retries",
            "N",
            "Retry a failed task up to N times, unless the task sets its own",
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
            "Time limit of each attempt, for tasks without their own, as in 500ms or 1m 30s",
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
            Err(format!("nothing is that fast; leave it out, or write a time such as {EXAMPLES}"))
        }
        time => Ok(time),
    }
}

fn time(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|error| match error {
        DurationError::NumberOverflow => "it is too long; write a shorter time".to_owned(),
        _ => format!("a time is needed, as in {EXAMPLES}"),
    })
}

fn count(text: &str) -> Result<u32, String> {
    let needed = "a whole number is needed, as in `2`";
    text.parse().map_err(|error| or_most(&error, u32::MAX, needed))
}
