//! The few shapes of options that the families' tables are made of.

use std::ffi::OsString;
use std::fmt::Display;
use std::num::{IntErrorKind, NonZeroUsize, ParseIntError};
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, ValueHint, value_parser};

/// An option without a value.
pub(super) fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

/// An option with a text; the last one counts.
pub(super) fn text(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help).value_parser(filled)
}

/// An option with a text that may be given several times.
pub(super) fn texts(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    text(name, value, help).action(ArgAction::Append)
}

/// An option with a path, which may have any bytes; the last one counts.
pub(super) fn path(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    let path = value_parser!(PathBuf);
    Arg::new(name).long(name).value_name(value).help(help).value_parser(path).value_hint(PATH)
}

/// An option with a text that has a path in it, and that may be given several times.
pub(super) fn texts_with_path(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    path(name, value, help).value_parser(value_parser!(OsString)).action(ArgAction::Append)
}

const PATH: ValueHint = ValueHint::AnyPath;

/// Whether the option's value may have any bytes.
pub(super) fn has_path(arg: &Arg) -> bool {
    arg.get_value_hint() == PATH
}

/// An option with a list, which may be empty and then says nothing.
pub(super) fn list(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    texts(name, value, help).value_parser(value_parser!(String))
}

/// An option with a number of at least one.
pub(super) fn number(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help).value_parser(at_least_one)
}

/// Every value of an option, in order.
pub(super) fn all<T>(matches: &ArgMatches, name: &str) -> Vec<T>
where
    T: Clone + Send + Sync + 'static,
{
    matches.get_many(name).into_iter().flatten().cloned().collect()
}

/// The value of an option.
pub(super) fn one<T>(matches: &ArgMatches, name: &str) -> Option<T>
where
    T: Clone + Send + Sync + 'static,
{
    matches.get_one(name).cloned()
}

/// A number of at least one.
pub(super) fn at_least_one(text: &str) -> Result<NonZeroUsize, String> {
    let needed = "a number of at least 1 is needed";
    text.parse().map_err(|error| or_most(&error, usize::MAX, needed))
}

/// What is wrong with a number: that it is too large, or else what is needed.
pub(super) fn or_most(error: &ParseIntError, most: impl Display, needed: &str) -> String {
    match error.kind() {
        IntErrorKind::PosOverflow => format!("the largest number is {most}"),
        _ => needed.to_owned(),
    }
}

fn filled(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("a value is needed".to_owned()) } else { Ok(text.to_owned()) }
}
