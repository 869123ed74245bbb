//! The report as text: the table, what failed, the counts.

use std::fmt;

use super::table::{self, line, most_attempts};
use super::{Report, TaskReport};
use crate::engine::HookFailure;
use crate::failure::Failure;
use crate::registry::Place;

impl fmt::Display for Report {
    /// The table of tasks, then what failed and why, then the counts. Secrets are `***`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table::write(self, f)?;
        for task in self.tasks() {
            if let Some(failure) = task.failure() {
                self.write_task(task, &failure, f)?;
            }
        }
        for hook in self.hook_failures() {
            self.write_hook(hook, f)?;
        }
        self.write_warnings(f)?;
        write!(f, "\n{}", self.summary())
    }
}

impl Report {
    fn write_task(
        &self,
        task: &TaskReport,
        failure: &Failure,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        write!(f, "\n{}: {}", task.outcome(), line(task.name()))?;
        if task.retried() {
            write!(f, " (attempt {} of {})", task.attempts(), most_attempts(task))?;
        }
        writeln!(f)?;
        self.write_failure(failure, task.planned().place(), f)?;
        for (number, earlier) in (1..).zip(task.retry_errors()) {
            self.write_indented(&format!("attempt {number}: {earlier}"), f)?;
        }
        Ok(())
    }

    fn write_hook(&self, hook: &HookFailure, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nfailed: {} {}", hook_word(hook), hook.name)?;
        self.write_failure(&hook.failure, Some(hook.place), f)
    }

    /// What was said, then where it was.
    fn write_failure(
        &self,
        failure: &Failure,
        declared: Option<Place>,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        self.write_indented(&failure.message, f)?;
        for cause in &failure.causes {
            self.write_indented(&format!("caused by: {cause}"), f)?;
        }
        if let Some(place) = &failure.place {
            self.write_indented(&format!("at {place}"), f)?;
        }
        if let Some(place) = declared {
            self.write_indented(&format!("declared at {place}"), f)?;
        }
        failure.trace.iter().try_for_each(|trace| self.write_indented(trace.trim_end(), f))
    }

    fn write_indented(&self, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.mask(text).lines().try_for_each(|line| writeln!(f, "  {line}"))
    }

    fn write_warnings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in self.warnings() {
            writeln!(f, "\nwarning: {}", self.mask(warning))?;
        }
        for task in self.tasks() {
            if let Some(warning) = task.warning() {
                writeln!(f, "\nwarning: {}: {}", line(task.name()), self.mask(&warning))?;
            }
        }
        Ok(())
    }

    /// `orders: 3 passed, 1 failed in 1.02s (aborted)`.
    fn summary(&self) -> String {
        let name = self.name().map(|name| format!("{}: ", line(name)));
        let mut text = format!("{}{}", name.unwrap_or_default(), self.counts());
        for (setup, word) in [(true, "setup"), (false, "teardown")] {
            match self.hook_failures().iter().filter(|hook| hook.setup == setup).count() {
                0 => {}
                1 => text += &format!(", 1 {word} failed"),
                several => text += &format!(", {several} {word}s failed"),
            }
        }
        text += &format!(" in {:.2}s", self.duration().as_secs_f64());
        self.stopped().map_or(text.clone(), |reason| format!("{text} ({reason})"))
    }
}

const fn hook_word(hook: &HookFailure) -> &'static str {
    if hook.setup { "setup" } else { "teardown" }
}
