//! The few shapes of options that the families' tables are made of.

use std::fmt::Display;
use std::num::{IntErrorKind, NonZeroUsize, ParseIntError};

use clap::{Arg, ArgAction, ArgMatches};

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

/// An option with a number of at least one.
pub(super) fn number(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help).value_parser(at_least_one)
}

/// Every value of an option, in order.
pub(super) fn all(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches.get_many::<String>(name).into_iter().flatten().cloned().collect()
}

/// The value of an option.
pub(super) fn one(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
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
