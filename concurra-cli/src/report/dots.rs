//! `-q`: a character per task, what failed at the end, the summary.

use std::io::{self, Write};

use concurra_core::{Event, Plan, Report};

use super::block::write_blocks;
use super::captured::write_outputs;
use super::summary::{write_nothing, write_summary};
use super::verdict::character;
use super::{Display, Reporter};

pub(super) struct Dots {
    display: Display,
    column: usize,
}

/// Characters in a row, as pytest and libtest have about as many.
pub(super) const ROW: usize = 88;

impl Dots {
    pub(super) const fn new(display: Display) -> Self {
        Self { display, column: 0 }
    }
}

impl Reporter for Dots {
    fn event(&mut self, _: &Plan, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let Event::Finished(end) = event else { return Ok(()) };
        let character = character(end.outcome);
        write!(out, "{}", self.display.style.outcome(end.outcome, character))?;
        self.column += 1;
        if self.column == ROW {
            self.column = 0;
            writeln!(out)?;
        }
        out.flush()
    }

    fn end(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if self.column > 0 {
            writeln!(out)?;
        }
        if self.display.show_output {
            write_outputs(report, self.display.style, out)?;
        }
        write_blocks(report, &self.display, out)?;
        write_summary(report, self.display.style, out)
    }

    fn nothing(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write_nothing(self.display.style, out)
    }
}
