//! The console of a recorded run.

use std::io::{self, BufRead, Write};

use concurra_core::Event;

use crate::console::{Style, console};
use crate::options::Format;
use crate::report::Target;

/// Prints the run whose events are these lines, as `--report jsonl` writes them, on the console of `mtrun`
/// or, unless `supervised` is set, of a binary by itself. Leaves out a last line that has no line break.
///
/// # Errors
/// A line cannot be read, is not an event, or the output cannot be written.
pub fn replay(
    lines: impl BufRead,
    supervised: bool,
    format: Format,
    show_output: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut console = console(supervised, format, Style { show_output, ..Style::default() });
    let mut target = Target::default();
    for event in events(lines) {
        let event = event?;
        target.run.apply(&event);
        console.event(&target, &event, out)?;
    }
    console.end(&[target], out)
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
