//! The console of a recorded run.

use std::io::{self, BufRead, Write};

use concurra_core::Event;

use crate::console::{Display, console};
use crate::options::Format;
use crate::report::Target;

/// How the console shows a recorded run.
#[derive(Clone, Copy, Debug)]
pub struct Replay {
    /// Whether the console is that of `mtrun`, or that of a binary by itself.
    pub supervised: bool,
    /// The shape of the lines.
    pub format: Format,
    /// Whether the captured output of tasks that passed is shown, too.
    pub show_output: bool,
}

impl Replay {
    /// Prints the run whose events are these lines, as `--report jsonl` writes them. Leaves out a last
    /// line that has no line break.
    ///
    /// # Errors
    /// A line cannot be read, is not an event, or the output cannot be written.
    pub fn write(self, lines: impl BufRead, out: &mut dyn Write) -> io::Result<()> {
        let Self { supervised, format, show_output } = self;
        let display = Display { show_output, ..Display::default() };
        let mut console = console(supervised, format, display);
        let mut target = Target::default();
        for event in events(lines) {
            let event = event?;
            target.run.apply(&event);
            console.event(&target, &event, out)?;
        }
        console.end(&[target], out)
    }
}

/// The events in whole lines.
fn events(mut lines: impl BufRead) -> impl Iterator<Item = io::Result<Event>> {
    std::iter::from_fn(move || {
        let mut line = Vec::new();
        match lines.read_until(b'\n', &mut line) {
            Ok(_) if !line.ends_with(b"\n") => None,
            Ok(_) => Some(serde_json::from_slice(&line).map_err(Into::into)),
            Err(error) => Some(Err(error)),
        }
    })
}

#[cfg(test)]
mod tests;
