//! The table of tasks: `label | task | outcome | duration`.

use std::borrow::Cow;
use std::fmt;

use super::{Report, TaskReport};

/// The most characters that a column is wide. A longer label stands out of it, as labels are what
/// tasks are found by; other texts are cut.
const WIDEST: usize = 60;

/// Writes the head and a line for each task, in the order in which they were added.
pub(super) fn write(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut rows = vec![["label", "task", "outcome", "duration"].map(ToOwned::to_owned)];
    rows.extend(report.tasks().iter().map(|task| row(report, task)));
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

fn row(report: &Report, task: &TaskReport) -> [String; 4] {
    let duration = task.duration().map(|duration| format!("{:.3}s", duration.as_secs_f64()));
    [
        line(task.name()).into_owned(),
        cut(&line(&report.mask(&task.task()))),
        cut(&line(&report.mask(&end(task)))),
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

/// A text on one line, which does nothing to a terminal; something is there also for no text.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        Cow::Borrowed("\"\"")
    } else if text.contains(char::is_control) {
        let shown = |c: char| if c.is_control() { c.escape_default().collect() } else { c.into() };
        Cow::Owned(text.chars().map(shown).collect::<Vec<String>>().concat())
    } else {
        Cow::Borrowed(text)
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(WIDEST - 1) {
        Some((end, _)) if text.chars().count() > WIDEST => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}
