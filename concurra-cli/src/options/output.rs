//! The shape of what is printed.

use clap::{Arg, ArgMatches};

use super::table::flag;
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

pub(super) fn args() -> Vec<Arg> {
    vec![
        flag("quiet", "A character per task").short('q'),
        choice("color", ["auto", "always", "never"], "Colour the output [default: auto]"),
        choice("format", ["pretty", "terse", "json"], "The shape of the output"),
        flag("nocapture", "Pass tasks' output through; show what was captured").alias("no-capture"),
        flag("show-output", "Show captured output also of tasks that passed"),
    ]
}

fn choice<const N: usize>(
    name: &'static str,
    values: [&'static str; N],
    help: &'static str,
) -> Arg {
    Arg::new(name).long(name).value_name("WHICH").value_parser(values).help(help)
}

/// The format, and whether the output is quiet.
pub(super) fn read_format(matches: &ArgMatches) -> Result<(Format, bool), OptionError> {
    let quiet = matches.get_flag("quiet");
    let format = match matches.get_one::<String>("format").map(String::as_str) {
        Some("json") if !matches.contains_id("Z") => return Err(OptionError::JsonIsUnstable),
        Some("json") => Format::Json,
        Some("terse") => Format::Terse,
        _ => Format::Pretty,
    };
    Ok((format, quiet || format == Format::Terse))
}

pub(super) fn color(matches: &ArgMatches) -> ColorChoice {
    match matches.get_one::<String>("color").map(String::as_str) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}
