//! The shape of the output.

use super::ColorChoice;
use super::table::{Row, choice, flag};

/// The shape of the lines, as libtest names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A line per task.
    #[default]
    Pretty,
    /// A character per task.
    Terse,
    /// A JSON object per event.
    Json,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        flag("quiet", "Print one character per task", |to| to.run.format = Format::Terse)
            .with(|arg| arg.short('q')),
        choice(
            "color",
            [
                ("auto", ColorChoice::Auto),
                ("always", ColorChoice::Always),
                ("never", ColorChoice::Never),
            ],
            "Colour the output [default: auto]",
            |to, color| to.run.color = color,
        ),
        choice(
            "format",
            [("pretty", Format::Pretty), ("terse", Format::Terse), ("json", Format::Json)],
            "Format of the output; json is libtest's and needs -Z unstable-options",
            |to, format| to.run.format = format,
        )
        .with(|arg| arg.requires_if("json", "Z")),
        flag("nocapture", "The same as --show-output", |to| to.run.show_output = true)
            .with(|arg| arg.alias("no-capture")),
        flag("show-output", "Show captured output of tasks that passed, too", |to| {
            to.run.show_output = true
        }),
    ]
}
