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
        flag("quiet", "A character per task", |to| to.run.quiet = true).with(|arg| arg.short('q')),
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
            "The shape of the output",
            |to, format| {
                to.run.format = format;
                to.run.quiet |= format == Format::Terse;
            },
        )
        .with(|arg| arg.requires_if("json", "Z")),
        flag("nocapture", "Pass tasks' output through; show what was captured", |to| {
            to.run.nocapture = true
        })
        .with(|arg| arg.alias("no-capture")),
        flag("show-output", "Show captured output also of tasks that passed", |to| {
            to.run.show_output = true
        }),
    ]
}
