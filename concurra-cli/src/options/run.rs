//! The workers of a run, and what follows failures.

use std::str::FromStr;

use concurra_core::MaxFail;

use super::Surroundings;
use super::error::wrong_value;
use super::table::{Row, at_least_one, flag, value};

const THREADS_VARIABLE: &str = "RUST_TEST_THREADS";

pub(super) fn rows() -> Vec<Row> {
    vec![
        value(
            "workers",
            "N",
            "Number of tasks that run at once [default: the number of cores]",
            at_least_one,
            |to, workers| to.run.settings.workers = Some(workers),
        )
        .with(|arg| arg.short('w').visible_short_alias('j').visible_alias("test-threads")),
        flag("fail-fast", "Stop the run at the first failure", |to| {
            to.run.settings.max_fail = Some(MaxFail::wait(1))
        })
        .with(|arg| arg.overrides_with_all(["max-fail", "no-fail-fast"])),
        value(
            "max-fail",
            "N[:MODE]",
            "Stop the run at the Nth failure; running tasks may finish (N:wait, the default) or are \
             cancelled (N:immediate); `all` sets no limit",
            MaxFail::from_str,
            |to, most| to.run.settings.max_fail = Some(most),
        )
        .with(|arg| arg.overrides_with_all(["fail-fast", "no-fail-fast"])),
        flag("no-fail-fast", "Go on after failures [default]", |to| {
            to.run.settings.max_fail = Some(MaxFail::ALL)
        })
        .with(|arg| arg.overrides_with_all(["fail-fast", "max-fail"])),
    ]
}

/// The number of workers that libtest's variable sets.
pub(super) fn workers_from_variable(around: &Surroundings<'_>) -> Result<Option<usize>, String> {
    let Some(text) = around.text(THREADS_VARIABLE)? else { return Ok(None) };
    let wrong = |reason: String| wrong_value(THREADS_VARIABLE, &text, &reason);
    at_least_one(&text).map(Some).map_err(wrong)
}
