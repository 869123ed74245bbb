//! `-q`: a character per task, what failed at the end, the summary.

use std::io::{self, Write};

use concurra_core::{Event, RunFinished, RunView};

use super::Display;
use super::block::write_blocks;
use super::captured::write_outputs;
use super::summary::write_summary;
use super::verdict::character;
use crate::report::{Reporter, Target};

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

    fn write_end(
        &self,
        run: &RunView,
        finished: &RunFinished,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let Display { style, show_output } = self.display;
        if self.column > 0 {
            writeln!(out)?;
        }
        if show_output {
            write_outputs(run, style, out)?;
        }
        write_blocks(run, finished, style, out)?;
        write_summary(run, finished, style, out)
    }
}

impl Reporter for Dots {
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let end = match event {
            Event::Finished(end) => end,
            Event::RunFinished(finished) => return self.write_end(&target.run, finished, out),
            _ => return Ok(()),
        };
        let character = character(end.outcome);
        write!(out, "{}", self.display.style.outcome(end.outcome, character))?;
        self.column += 1;
        if self.column == ROW {
            self.column = 0;
            writeln!(out)?;
        }
        out.flush()
    }
}
