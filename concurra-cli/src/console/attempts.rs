//! How often a task was tried, and how long it took.

use std::io::{self, Write};
use std::time::Duration;

use concurra_core::shown::line;
use concurra_core::{Failure, Finished, TaskInfo};

use super::Style;

/// How many earlier attempts a block shows.
const MOST_SHOWN: usize = 3;

/// `FLAKY 2/3` for a task that passed only after a retry.
pub(super) fn flaky(end: &Finished) -> Option<String> {
    end.is_flaky().then(|| format!("FLAKY {}/{}", end.attempts, end.most_attempts()))
}

/// `attempt 2 of 3, 0.200s of 0.200s`.
pub(super) fn figures(task: &TaskInfo, end: &Finished) -> String {
    let ran = seconds(end.duration);
    let (attempt, most) = (end.attempts.max(1), end.most_attempts());
    let limit = match task.timeout {
        // The limit is one attempt's, the duration that of all.
        Some(limit) if attempt > 1 => format!(" in all, at most {} each", seconds(limit)),
        Some(limit) => format!(" of {}", seconds(limit)),
        None => ", no time limit".to_owned(),
    };
    format!("attempt {attempt} of {most}, {ran}{limit}")
}

/// Writes why attempts failed that another one followed: a line for each of the last ones.
pub(super) fn write_earlier(end: &Finished, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let earlier = end.earlier_failures().collect::<Vec<_>>();
    for (number, failure) in &earlier[earlier.len().saturating_sub(MOST_SHOWN)..] {
        let line = style.dim(format!("attempt {number}: {}", brief(failure)));
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// The first line of a failure.
pub(super) fn brief(failure: &Failure) -> String {
    let text = failure.to_string();
    let mut lines = text.lines();
    let first = line(lines.next().unwrap_or_default()).into_owned();
    if lines.next().is_some() { first + " ..." } else { first }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}s", duration.as_secs_f64())
}
