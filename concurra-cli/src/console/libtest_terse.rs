//! Characters and closing as libtest prints them with `-q`.

use std::io::{self, Write};

use concurra_core::Event;

use super::Display;
use super::dots::ROW;
use super::libtest_pretty::{Verdict, verdict, write_begin, write_end};
use crate::report::{Reporter, Target};

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
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let tasks = target.run.started.tasks.len();
        let end = match event {
            Event::Finished(end) => end,
            Event::RunStarted(_) => return write_begin(tasks, out),
            Event::RunFinished(finished) => {
                if self.column > 0 {
                    writeln!(out)?;
                }
                return write_end(&target.run, finished, self.display, out);
            }
            _ => return Ok(()),
        };
        let character = match verdict(end) {
            Verdict::Ok => '.',
            Verdict::Failed => 'F',
            Verdict::Ignored => 'i',
        };
        write!(out, "{}", self.display.style.outcome(end.outcome, character))?;
        self.column += 1;
        self.done += 1;
        if self.column == ROW {
            self.column = 0;
            writeln!(out, " {}/{tasks}", self.done)?;
        }
        out.flush()
    }
}
