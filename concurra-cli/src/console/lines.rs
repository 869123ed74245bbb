//! A line per task when it ends, the failures once more at the end, the summary.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use concurra_core::{Event, Finished, Outcome, TaskInfo};

use super::attempts::brief;
use super::block::write_blocks;
use super::captured::write_output;
use super::stopping::{names, stopping};
use super::summary::{write_head, write_summary};
use super::verdict::{reason_line, words};
use super::{Style, attempts};
use crate::report::{Reporter, Target};

pub(super) struct Lines(pub(super) Style);

impl Lines {
    fn line(&self, task: &TaskInfo, end: &Finished, out: &mut dyn Write) -> io::Result<()> {
        let style = self.0;
        let word = attempts::flaky(end).map_or(Cow::Borrowed(words(end.outcome).0), Cow::Owned);
        let word = style.outcome(end.outcome, format_args!("{word:>7}"));
        write!(out, "{word} [{}] {}", seconds(end), task.name)?;
        if task.is_dependency {
            write!(out, " {}", style.dim("(dep)"))?;
        }
        if let Some(reason) = reason_line(end) {
            write!(out, " {}", style.dim(format_args!("({reason})")))?;
        }
        writeln!(out)?;
        let output = end.output.as_ref().filter(|_| self.0.show_output);
        output.map_or(Ok(()), |output| write_output(output, style, out))
    }

    /// A line of a task that still runs.
    fn note(&self, word: &str, time: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let word = self.0.dim(format_args!("{word:>7}"));
        writeln!(out, "{word} [{time}] {text}")
    }
}

/// `>   1.000s`: longer than this time.
fn beyond(time: Duration) -> String {
    format!(">{:>7.3}s", time.as_secs_f64())
}

fn seconds(end: &Finished) -> String {
    match end.worker {
        Some(_) if end.outcome == Outcome::TimedOut => beyond(end.duration),
        Some(_) => format!("{:>8.3}s", end.duration.as_secs_f64()),
        None => format!("{:>9}", "-"),
    }
}

impl Reporter for Lines {
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let (run, style) = (&target.run, self.0);
        match event {
            Event::RunStarted(started) => write_head(started, out),
            Event::Finished(end) => self.line(run.task(end.task), end, out),
            Event::Retrying { task, attempt, of, failure, running, wait } => {
                let mut text = format!("{}: {}", run.task(*task).name, brief(failure));
                if !wait.is_zero() {
                    text += &format!(" (again in {:.3}s)", wait.as_secs_f64());
                }
                let time = format!("{:>8.3}s", running.as_secs_f64());
                self.note(&format!("RETRY {attempt}/{of}"), &time, &text, out)
            }
            Event::Slow { task, running } => {
                self.note("SLOW", &beyond(*running), &run.task(*task).name, out)
            }
            Event::Stopping { reason, cancels } => {
                writeln!(out, "{}", stopping(*reason, *cancels, run, style))
            }
            Event::HookSlow { hook, name, running } => {
                self.note("SLOW", &beyond(*running), &format!("{hook} {name}"), out)
            }
            Event::AwaitingAbandoned { names: abandoned, at_most } => {
                let abandoned = names(abandoned).unwrap_or_default();
                let text = format!("for abandoned bodies that still run: {abandoned}");
                self.note("WAIT", &format!("<{:>7.3}s", at_most.as_secs_f64()), &text, out)
            }
            Event::RunFinished(finished) => {
                write_blocks(run, finished, style, out)?;
                write_summary(run, finished, style, out)
            }
            _ => Ok(()),
        }
    }
}
