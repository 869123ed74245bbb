//! What a person reads during a run: a reporter a file, and a line each in [`CONSOLES`].

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

pub(crate) use style::Style;
pub(crate) use summary::head;
pub(crate) use text::quoted;

use crate::options::Format;
use crate::report::Reporter;

/// How the console prints.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Display {
    pub(crate) style: Style,
    /// What was captured of tasks that passed is shown as well.
    pub(crate) show_output: bool,
}

type Make = fn(Display) -> Box<dyn Reporter>;

/// Who prints: under `mtrun` or alone, quietly or not.
const CONSOLES: &[(bool, bool, Make)] = &[
    (true, false, |display| Box::new(lines::Lines { display })),
    (true, true, |display| Box::new(dots::Dots::new(display))),
    (false, false, |display| Box::new(libtest_pretty::Pretty { display })),
    (false, true, |display| Box::new(libtest_terse::Terse::new(display))),
];

/// The console of a run; JSON is the same everywhere.
pub(crate) fn console(
    supervised: bool,
    format: Format,
    quiet: bool,
    display: Display,
) -> Box<dyn Reporter> {
    if format == Format::Json {
        return Box::new(libtest_json::Json { display });
    }
    let fits = |row: &&(bool, bool, Make)| (row.0, row.1) == (supervised, quiet);
    let (.., make) = CONSOLES.iter().find(fits).expect("every combination has a console");
    make(display)
}
