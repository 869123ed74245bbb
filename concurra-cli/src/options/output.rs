//! The shape of what is printed.

use super::table::{Row, choice, flag};
use super::{ColorChoice, OptionError};

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
            ["auto", "always", "never"],
            "Colour the output [default: auto]",
            |to, word| {
                to.run.color = match word {
                    "always" => ColorChoice::Always,
                    "never" => ColorChoice::Never,
                    _ => ColorChoice::Auto,
                };
            },
        ),
        format(),
        flag("nocapture", "Pass tasks' output through; show what was captured", |to| {
            to.run.nocapture = true
        })
        .with(|arg| arg.alias("no-capture")),
        flag("show-output", "Show captured output also of tasks that passed", |to| {
            to.run.show_output = true
        }),
    ]
}

fn format() -> Row {
    let words = ["pretty", "terse", "json"];
    let row = choice("format", words, "The shape of the output", |_, _| {});
    Row::new(row.arg, |matches, to, _| {
        to.run.format = match matches.get_one::<String>("format").map(String::as_str) {
            Some("json") if !matches.contains_id("Z") => return Err(OptionError::JsonIsUnstable),
            Some("json") => Format::Json,
            Some("terse") => Format::Terse,
            _ => Format::Pretty,
        };
        to.run.quiet |= to.run.format == Format::Terse;
        Ok(())
    })
}
