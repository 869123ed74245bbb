//! A line per task as it ends, what failed again at the end, the summary.

use std::io::{self, Write};

use concurra_core::{Event, Finished, Plan, Report};

use super::block::write_blocks;
use super::summary::{write_head, write_summary};
use super::verdict::{reason, word};
use super::{Display, Reporter};

pub(super) struct Lines {
    display: Display,
}

impl Lines {
    pub(super) const fn new(display: Display) -> Self {
        Self { display }
    }

    fn line(&self, plan: &Plan, end: &Finished, out: &mut dyn Write) -> io::Result<()> {
        let task = plan.task(end.task);
        let style = self.display.style;
        let word = style.outcome(end.outcome, format!("{:>7}", word(end.outcome)));
        write!(out, "{word} [{}] {}", seconds(end), task.name())?;
        if task.is_dependency() {
            write!(out, " {}", style.dim("(dep)"))?;
        }
        if let Some(reason) = reason(end) {
            write!(out, " {}", style.dim(format_args!("({reason})")))?;
        }
        writeln!(out)
    }
}

fn seconds(end: &Finished) -> String {
    match end.worker {
        Some(_) => format!("{:>8.3}s", end.duration.as_secs_f64()),
        None => format!("{:>9}", "-"),
    }
}

impl Reporter for Lines {
    fn begin(&mut self, plan: &Plan, workers: usize, out: &mut dyn Write) -> io::Result<()> {
        write_head(plan, workers, out)
    }

    fn event(&mut self, plan: &Plan, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::Finished(end) => self.line(plan, end, out),
            Event::Stopping { reason } => {
                let style = self.display.style;
                writeln!(out, "{}: nothing more starts", style.bad(reason))
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        write_blocks(report, &self.display, out)?;
        write_summary(report, self.display.style, out)
    }
}
