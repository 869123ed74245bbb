//! `-q`: a character per task, the failures at the end, the closing line; for `mtrun`, or as libtest
//! prints them.

use std::io::{self, Write};

use concurra_core::{Event, Finished, RunFinished, RunView};

use super::Style;
use super::block::write_blocks;
use super::captured::write_outputs;
use super::libtest_pretty::{Verdict, verdict, write_begin, write_end};
use super::stopping::stopping;
use super::summary::write_summary;
use super::verdict::words;
use crate::report::{Reporter, Target};

/// Characters in a row; pytest and libtest have about as many.
const ROW: usize = 88;

pub(super) struct Characters {
    style: Style,
    as_libtest: bool,
    done: usize,
}

impl Characters {
    pub(super) const fn new(style: Style, as_libtest: bool) -> Self {
        Self { style, as_libtest, done: 0 }
    }

    fn write_character(
        &mut self,
        run: &RunView,
        end: &Finished,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let character = match verdict(end) {
            Verdict::Failed if self.as_libtest => 'F',
            Verdict::Ignored if self.as_libtest => 'i',
            _ => words(end.outcome).1,
        };
        write!(out, "{}", self.style.outcome(end.outcome, character))?;
        self.done += 1;
        if self.done.is_multiple_of(ROW) {
            if self.as_libtest {
                write!(out, " {}/{}", self.done, run.started.tasks.len())?;
            }
            writeln!(out)?;
        }
        out.flush()
    }

    fn write_end(&self, run: &RunView, end: &RunFinished, out: &mut dyn Write) -> io::Result<()> {
        let style = self.style;
        if !self.done.is_multiple_of(ROW) {
            writeln!(out)?;
        }
        if self.as_libtest {
            return write_end(run, end, style, out);
        }
        if style.show_output {
            write_outputs(run, "", style, out)?;
        }
        write_blocks(run, end, style, out)?;
        write_summary(run, end, style, out)
    }
}

impl Reporter for Characters {
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::RunStarted(started) if self.as_libtest => write_begin(started.tasks.len(), out),
            Event::Finished(end) => self.write_character(&target.run, end, out),
            Event::Stopping { reason, cancels } => {
                writeln!(out, "\n{}", stopping(*reason, *cancels, &target.run, self.style))
            }
            Event::RunFinished(end) => self.write_end(&target.run, end, out),
            _ => Ok(()),
        }
    }
}
