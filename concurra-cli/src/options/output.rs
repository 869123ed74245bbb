//! The format and the colours of the output.

use super::Surroundings;
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

/// The value of `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// When the output is a terminal.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

impl ColorChoice {
    /// Whether to colour what goes to a stream that is or is not a terminal.
    ///
    /// An explicit choice wins over `NO_COLOR`, which wins over `CLICOLOR_FORCE`.
    #[must_use]
    pub fn resolve(self, terminal: bool, around: &Surroundings<'_>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if around.set("NO_COLOR").is_some() => false,
            Self::Auto if around.set("CLICOLOR_FORCE").is_some_and(|force| force != "0") => true,
            Self::Auto => terminal && around.set("TERM").is_none_or(|term| term != "dumb"),
        }
    }
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
