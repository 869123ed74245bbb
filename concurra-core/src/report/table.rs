//! The table of tasks: `label | task | outcome | duration`.

use std::fmt;

use super::{Report, TaskReport};
use crate::shown::line;

/// The most characters that a column is wide. A longer label stands out of it, as labels are what
/// tasks are found by; other texts are cut.
const WIDEST: usize = 60;

/// Writes the head and a line for each task, in the order in which they were added.
pub(super) fn write(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut rows = vec![["label", "task", "outcome", "duration"].map(ToOwned::to_owned)];
    rows.extend(report.tasks().iter().map(row));
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0).min(WIDEST)
    };
    let [label, task, outcome, duration] = [0, 1, 2, 3].map(width);
    for [name, body, end, time] in &rows {
        writeln!(f, "{name:label$} | {body:task$} | {end:outcome$} | {time:>duration$}")?;
    }
    Ok(())
}

fn row(task: &TaskReport) -> [String; 4] {
    let duration = task.duration().map(|duration| format!("{:.3}s", duration.as_secs_f64()));
    [
        line(&task.shown_name()).into_owned(),
        cut(&line(&task.task())),
        cut(&line(&end(task))),
        duration.unwrap_or_else(|| "-".to_owned()),
    ]
}

/// How the task ended, and why: `skipped: load failed`.
fn end(task: &TaskReport) -> String {
    let outcome = task.outcome();
    match task.cause() {
        Some(cause) => format!("{outcome}: {cause}"),
        None if task.is_flaky() => {
            format!("{outcome} (flaky {}/{})", task.attempts(), most_attempts(task))
        }
        None => outcome.to_string(),
    }
}

/// How many attempts there could have been.
pub(super) fn most_attempts(task: &TaskReport) -> u32 {
    task.retries().saturating_add(1)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(WIDEST - 1) {
        Some((end, _)) if text.chars().count() > WIDEST => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}
