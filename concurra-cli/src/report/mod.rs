//! What a run prints: the family's trait and its table. Reporters know only events and the plan.

mod again;
mod attempts;
mod backtrace;
mod block;
mod captured;
mod dots;
mod libtest_json;
mod libtest_pretty;
mod libtest_terse;
mod lines;
mod style;
mod summary;
mod text;
mod verdict;

use std::io::{self, Write};

use concurra_core::{Event, Plan, Report};

pub(crate) use again::Again;
pub(crate) use style::Style;
pub(crate) use summary::head;
#[cfg(feature = "launcher")]
pub(crate) use text::quoted;

use crate::options::Format;

/// What reporters may know of the command line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Display {
    pub(crate) style: Style,
    /// Tasks that the filters left out, for libtest's closing line.
    pub(crate) filtered_out: usize,
    /// The command that runs one task again, where `mtrun` can.
    pub(crate) again: Option<Again>,
    /// What was captured of tasks that passed is shown as well.
    pub(crate) show_output: bool,
}

/// Prints a run while it goes on.
pub(crate) trait Reporter: Send {
    /// The run begins.
    fn begin(&mut self, plan: &Plan, workers: usize, out: &mut dyn Write) -> io::Result<()> {
        let _ = (plan, workers, out);
        Ok(())
    }

    /// Something happened.
    fn event(&mut self, plan: &Plan, event: &Event, out: &mut dyn Write) -> io::Result<()>;

    /// The run is over, teardowns included.
    fn end(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()>;

    /// There is nothing to run.
    fn nothing(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

type Make = fn(Display) -> Box<dyn Reporter>;

/// Who prints: under `mtrun` or alone, quietly or not.
const REPORTERS: &[(bool, bool, Make)] = &[
    (true, false, |display| Box::new(lines::Lines::new(display))),
    (true, true, |display| Box::new(dots::Dots::new(display))),
    (false, false, |display| Box::new(libtest_pretty::Pretty::new(display))),
    (false, true, |display| Box::new(libtest_terse::Terse::new(display))),
];

/// The reporter for a run; JSON is the same everywhere.
pub(crate) fn reporter(
    supervised: bool,
    format: Format,
    quiet: bool,
    display: Display,
) -> Box<dyn Reporter> {
    if format == Format::Json {
        return Box::new(libtest_json::Json::new(display));
    }
    let fits = |row: &&(bool, bool, Make)| (row.0, row.1) == (supervised, quiet);
    let (.., make) = REPORTERS.iter().find(fits).expect("every combination has a reporter");
    make(display)
}
