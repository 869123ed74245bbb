//! How a run goes on: workers and failures.

use std::num::NonZeroUsize;

use clap::{Arg, ArgMatches};

use super::table::{at_least_one, flag, number};
use super::{OptionError, Surroundings};

const THREADS_VARIABLE: &str = "RUST_TEST_THREADS";

pub(super) fn args() -> Vec<Arg> {
    vec![
        number("workers", "N", "How many tasks run at a time [default: the number of cores]")
            .short('w')
            .visible_short_alias('j')
            .visible_alias("test-threads"),
        flag("fail-fast", "Start nothing more after the first failure")
            .overrides_with_all(["max-fail", "no-fail-fast"]),
        number("max-fail", "N", "Start nothing more after N failures")
            .overrides_with_all(["fail-fast", "no-fail-fast"]),
        flag("no-fail-fast", "Go on after failures [default]")
            .overrides_with_all(["fail-fast", "max-fail"]),
    ]
}

pub(super) fn workers(
    matches: &ArgMatches,
    around: &Surroundings<'_>,
) -> Result<Option<NonZeroUsize>, OptionError> {
    if let Some(workers) = matches.get_one::<NonZeroUsize>("workers") {
        return Ok(Some(*workers));
    }
    let Some(text) = around.text(THREADS_VARIABLE)? else { return Ok(None) };
    let workers = at_least_one(&text).map_err(|reason| OptionError::Value {
        option: THREADS_VARIABLE.to_owned(),
        value: text,
        reason,
    })?;
    Ok(Some(workers))
}

pub(super) fn max_fail(matches: &ArgMatches) -> Option<NonZeroUsize> {
    if matches.get_flag("fail-fast") {
        return Some(NonZeroUsize::MIN);
    }
    matches.get_one("max-fail").copied()
}
