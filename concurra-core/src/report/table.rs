//! The table of tasks: `label | task | outcome | duration`.

use std::fmt;

use super::{Report, TaskReport};
use crate::event::Finished;
use crate::shown::line;

/// The largest width of a column, in characters. Longer labels stay whole, as a reader finds a task by
/// its label; longer texts of other columns are cut.
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
    let (info, end) = (task.info(), task.end());
    let duration = end.started.map(|_| format!("{:.3}s", end.duration.as_secs_f64()));
    [
        line(&info.name).into_owned(),
        cut(&line(&info.task)),
        cut(&line(&outcome(&end))),
        duration.unwrap_or_else(|| "-".to_owned()),
    ]
}

/// How the task ended, and why: `skipped: load failed`.
fn outcome(end: &Finished) -> String {
    let outcome = end.outcome;
    match &end.cause {
        Some(cause) => format!("{outcome}: {cause}"),
        None if end.is_flaky() => {
            format!("{outcome} (flaky {}/{})", end.attempts, end.most_attempts())
        }
        None => outcome.to_string(),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(WIDEST - 1) {
        Some((end, _)) if text.chars().count() > WIDEST => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}
