//! The console, which a person reads during a run: a reporter a file, and an arm each in [`console`].

mod attempts;
mod block;
mod captured;
mod characters;
mod libtest_json;
mod libtest_pretty;
mod lines;
mod stopping;
mod style;
mod summary;
mod text;
mod verdict;

pub(crate) use block::{failure_block, failure_blocks};
pub(crate) use style::Style;
pub(crate) use summary::head;
pub(crate) use text::{plural, quoted};

use crate::options::Format;
use crate::report::Reporter;

/// The console of a run under `mtrun` or of a binary by itself.
pub(crate) fn console(supervised: bool, format: Format, style: Style) -> Box<dyn Reporter> {
    match format {
        Format::Json => Box::new(libtest_json::Json(style)),
        Format::Terse => Box::new(characters::Characters::new(style, !supervised)),
        Format::Pretty if supervised => Box::new(lines::Lines(style)),
        Format::Pretty => Box::new(libtest_pretty::Pretty(style)),
    }
}
