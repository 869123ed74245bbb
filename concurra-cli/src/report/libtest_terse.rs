//! Characters and closing as libtest prints them with `-q`.

use std::io::{self, Write};

use concurra_core::{Event, Plan, Report};

use super::dots::ROW;
use super::libtest_pretty::{Verdict, verdict, write_end, write_nothing};
use super::text::plural;
use super::{Display, Reporter};

pub(super) struct Terse {
    display: Display,
    column: usize,
    done: usize,
}

impl Terse {
    pub(super) const fn new(display: Display) -> Self {
        Self { display, column: 0, done: 0 }
    }
}

impl Reporter for Terse {
    fn begin(&mut self, plan: &Plan, _: usize, out: &mut dyn Write) -> io::Result<()> {
        let tasks = plan.tasks().len();
        writeln!(out, "\nrunning {tasks} test{}", plural(tasks))
    }

    fn event(&mut self, plan: &Plan, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let Event::Finished(end) = event else { return Ok(()) };
        let character = match verdict(end.outcome, end.bad) {
            Verdict::Ok => '.',
            Verdict::Failed => 'F',
            Verdict::Ignored => 'i',
        };
        write!(out, "{}", self.display.style.outcome(end.outcome, character))?;
        self.column += 1;
        self.done += 1;
        if self.column == ROW {
            self.column = 0;
            writeln!(out, " {}/{}", self.done, plan.tasks().len())?;
        }
        out.flush()
    }

    fn end(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if self.column > 0 {
            writeln!(out)?;
        }
        write_end(report, &self.display, out)
    }

    fn nothing(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write_nothing(&self.display, out)
    }
}
