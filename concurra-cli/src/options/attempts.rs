//! How often and how long tasks are tried, and where.

use std::time::Duration;

use clap::{Arg, ArgMatches};

use super::duration::{self, EXAMPLES, LONGEST, NoDuration};
use super::table::{flag, or_most};

/// How often and how long tasks are tried that say nothing of it, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttemptOptions {
    /// More attempts after the first.
    pub retries: Option<u32>,
    /// For each attempt.
    pub timeout: Option<Duration>,
    /// For the whole run.
    pub run_timeout: Option<Duration>,
    /// Between asking processes to end and killing them.
    pub grace: Option<Duration>,
    /// After how long a task is told to be slow.
    pub slow: Option<Duration>,
    /// Tasks run in worker processes.
    pub isolate: bool,
    /// A task that passed only after a retry counts as failed.
    pub flaky_fails: bool,
}

pub(super) fn args() -> Vec<Arg> {
    vec![
        Arg::new("retries")
            .long("retries")
            .value_name("N")
            .value_parser(count)
            .help("Try tasks that fail N more times"),
        Arg::new("flaky-result")
            .long("flaky-result")
            .value_name("WHICH")
            .value_parser(["pass", "fail"])
            .help("What a task is that passed only after a retry [default: pass]"),
        limit("timeout", "How long each attempt of a task may take, as in 500ms or 1m 30s"),
        limit("run-timeout", "How long the whole run of a target may take"),
        Arg::new("grace")
            .long("grace")
            .value_name("D")
            .value_parser(time)
            .help("Between asking processes to end and killing them [default: 5s]"),
        limit("slow", "After how long a running task is told to be slow [default: 1m]"),
        flag("isolate", "Run every task in a worker process"),
    ]
}

pub(super) fn read(matches: &ArgMatches) -> AttemptOptions {
    let time = |name: &str| matches.get_one::<Duration>(name).copied();
    let flaky = matches.get_one::<String>("flaky-result");
    AttemptOptions {
        retries: matches.get_one("retries").copied(),
        timeout: time("timeout"),
        run_timeout: time("run-timeout"),
        grace: time("grace"),
        slow: time("slow"),
        isolate: matches.get_flag("isolate"),
        flaky_fails: flaky.is_some_and(|result| result == "fail"),
    }
}

/// Whether the option changes how a single task ends, so that running it again needs it again.
pub(super) fn is_needed_again(id: &str) -> bool {
    ["retries", "flaky-result", "timeout", "grace", "isolate"].contains(&id)
}

/// An option with a duration longer than none.
fn limit(name: &'static str, help: &'static str) -> Arg {
    let parse = |text: &str| match time(text)? {
        Duration::ZERO => {
            Err(format!("nothing is that fast; leave it out, or write a time such as {EXAMPLES}"))
        }
        time => Ok(time),
    };
    Arg::new(name).long(name).value_name("D").value_parser(parse).help(help)
}

fn time(text: &str) -> Result<Duration, String> {
    duration::parse(text).map_err(|wrong| match wrong {
        NoDuration::Shape => format!("a time is needed, as in {EXAMPLES}"),
        NoDuration::TooLong => format!("the longest time is {LONGEST}"),
    })
}

fn count(text: &str) -> Result<u32, String> {
    let needed = "a whole number is needed, as in `2`";
    text.parse().map_err(|error| or_most(&error, u32::MAX, needed))
}
