//! What the scenarios share.

use std::collections::BTreeSet;

use concurra_core::{Canceller, Home, Report, Runner, StopReason, is_cancelled, registered_in};
use serde_json::Value as Json;

use crate::placeless::placeless;

pub(crate) fn run(runner: Runner) -> Report {
    runner.run().expect("a plan")
}

/// A runner with the tasks that are described as those of a crate.
pub(crate) fn registered(krate: &'static str) -> Runner {
    registered_in(Home::of_module(krate, None))
}

/// The report as text without what differs from run to run, and from test to test.
pub(crate) fn text(report: &Report) -> String {
    placeless(&steady(&report.to_string()))
}

/// The text with every digit of a duration as `0`.
pub(crate) fn steady(text: &str) -> String {
    let word = |word: &str| {
        let number = word.strip_suffix(['s']).filter(|number| number.contains('.'));
        let is_time = number.is_some_and(|number| number.parse::<f64>().is_ok());
        if is_time { word.replace(|c: char| c.is_ascii_digit(), "0") } else { word.to_owned() }
    };
    text.split_inclusive([' ', '\n'])
        .map(|part| {
            let bare = part.trim_end_matches([' ', '\n']);
            word(bare) + &part[bare.len()..]
        })
        .collect()
}

/// The names of an object's entries.
pub(crate) fn keys(json: &Json) -> BTreeSet<&str> {
    json.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// A body that fails until its attempt of that number.
pub(crate) fn passes_at(attempt: u32) -> impl FnMut() -> Result<u32, String> + Send + 'static {
    let mut made = 0;
    move || {
        made += 1;
        if made < attempt { Err(format!("attempt {made} failed")) } else { Ok(made) }
    }
}

/// Stops the run from within a task, which ends when the stop has arrived.
pub(crate) fn stop(canceller: &Canceller, reason: StopReason) {
    canceller.stop(reason);
    while !is_cancelled() {
        std::thread::yield_now();
    }
}
