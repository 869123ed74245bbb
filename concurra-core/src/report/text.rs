//! The report as text: the table, the failures, the counts.

use std::fmt;

use super::{Report, table};
use crate::event::{Finished, TaskInfo, TaskOutput};
use crate::failure::Failure;
use crate::outcome::{ExecutionMode, Outcome};
use crate::shown::{line, paragraph};
use crate::view::summary;

/// The most lines of a stream that stand below a failure; `TaskReport::output` has them all.
const MOST_LINES: usize = 20;

impl fmt::Display for Report {
    /// The table of tasks, then the failures, then the counts. Secrets are `***`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table::write(self, f)?;
        for task in self.tasks() {
            if let Some(failure) = task.failure() {
                write_task(&task.info(), &task.end(), &failure, f)?;
            }
        }
        for (hook, failure) in self.hook_failures() {
            writeln!(f, "\nfailed: {} {}", hook.hook, hook.name)?;
            write_failure(failure, format_args!("{}:{}", hook.file, hook.line), f)?;
        }
        self.write_warnings(f)?;
        write!(f, "\n{}", self.summary())
    }
}

impl Report {
    fn write_warnings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in self.warnings() {
            writeln!(f, "\nwarning: {}", paragraph(&warning, "  "))?;
        }
        for task in self.tasks() {
            if let Some(warning) = task.warning() {
                let warning = paragraph(&warning, "  ");
                writeln!(f, "\nwarning: {}: {warning}", line(&task.info().name))?;
            }
        }
        Ok(())
    }

    /// `orders: 3 passed, 1 failed in 1.02s (aborted)`.
    fn summary(&self) -> String {
        let name = self.name().map(|name| format!("{}: ", line(&self.mask(name))));
        let name = name.unwrap_or_default();
        let (counts, seconds) =
            (summary(self.counts(), &self.run.hooks), self.run.duration.as_secs_f64());
        let stopped = self.run.stopped.map(|reason| format!(" ({reason})")).unwrap_or_default();
        format!("{name}{counts} in {seconds:.2}s{stopped}")
    }
}

fn write_task(
    task: &TaskInfo,
    end: &Finished,
    failure: &Failure,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(f, "\n{}: {}", end.outcome, line(&task.name))?;
    if end.attempts > 1 {
        write!(f, " (attempt {} of {})", end.attempts, end.most_attempts())?;
    }
    writeln!(f)?;
    write_failure(failure, format_args!("{}:{}", task.file, task.line), f)?;
    for (number, earlier) in end.earlier_failures() {
        write_indented(&format!("attempt {number}: {earlier}"), f)?;
    }
    // The message of a failed command ends with its last output.
    let is_command = end.mode == Some(ExecutionMode::Subprocess);
    match end.output.as_ref().filter(|_| !(is_command && end.outcome == Outcome::Failed)) {
        Some(output) => write_output(output, f),
        None => Ok(()),
    }
}

/// Writes the end of each stream of a task in another process below its name.
fn write_output(output: &TaskOutput, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (name, text) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let lines: Vec<&str> = text.lines().collect();
        let last = &lines[lines.len().saturating_sub(MOST_LINES)..];
        match last.len() {
            0 => continue,
            all if all == lines.len() => writeln!(f, "  {name}:")?,
            some => writeln!(f, "  {name}, the last {some} of {} lines:", lines.len())?,
        }
        last.iter().try_for_each(|line| writeln!(f, "    {line}"))?;
    }
    Ok(())
}

/// Writes the message with its causes, then the places.
fn write_failure(
    failure: &Failure,
    declared: impl fmt::Display,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write_indented(&failure.message, f)?;
    for cause in &failure.causes {
        write_indented(&format!("caused by: {cause}"), f)?;
    }
    if let Some(place) = &failure.place {
        write_indented(&format!("at {place}"), f)?;
    }
    write_indented(&format!("declared at {declared}"), f)?;
    failure.trace.iter().try_for_each(|trace| write_indented(trace.trim_end(), f))
}

fn write_indented(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.lines().try_for_each(|line| writeln!(f, "  {line}"))
}
