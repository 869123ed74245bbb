//! How often a task was tried, and how long it took: what is said of it beside its outcome.

use std::io::{self, Write};
use std::time::Duration;

use concurra_core::{Failure, Finished, TaskReport};

use super::Style;

/// How many earlier attempts a block tells.
const MOST_TOLD: u32 = 3;

/// `FLAKY 2/3` for what passed only after a retry.
pub(super) fn flaky(end: &Finished) -> Option<String> {
    end.is_flaky().then(|| format!("FLAKY {}/{}", end.attempts, u64::from(end.retries) + 1))
}

/// `attempt 2 of 3, 0.200s of 0.200s`.
pub(super) fn figures(task: &TaskReport) -> String {
    let ran = seconds(task.duration().unwrap_or_default());
    let (attempt, most) = (task.attempts().max(1), u64::from(task.retries()) + 1);
    let limit = match task.timeout() {
        // The limit is one attempt's, the duration that of all.
        Some(limit) if attempt > 1 => format!(" in all, at most {} each", seconds(limit)),
        Some(limit) => format!(" of {}", seconds(limit)),
        None => ", no time limit".to_owned(),
    };
    format!("attempt {attempt} of {most}, {ran}{limit}")
}

/// What attempts said that were followed by another, a line for each of the last ones.
pub(super) fn write_earlier(
    task: &TaskReport,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let earlier = task.earlier_errors();
    let numbered = (1_u32..).zip(&earlier);
    let untold = u32::try_from(earlier.len()).unwrap_or(u32::MAX).saturating_sub(MOST_TOLD);
    for (attempt, failure) in numbered.skip_while(|(attempt, _)| *attempt <= untold) {
        let said = style.dim(format_args!("attempt {attempt}: {}", brief(failure)).to_string());
        writeln!(out, "  {said}")?;
    }
    Ok(())
}

/// The first line of what an attempt said.
pub(super) fn brief(failure: &Failure) -> String {
    let text = failure.to_string();
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    if lines.next().is_some() { first + " ..." } else { first }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}s", duration.as_secs_f64())
}
