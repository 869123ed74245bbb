//! A row of the table of options, and the few shapes that rows have.

use std::ffi::OsString;
use std::fmt::Display;
use std::num::{IntErrorKind, NonZeroUsize, ParseIntError};
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, ValueHint, value_parser};

use super::{MtrunOptions, OptionError, Surroundings};

/// An option: its `clap::Arg`, and the field that it sets.
pub(super) struct Row {
    pub(super) arg: Arg,
    /// Whether the option changes how a single task ends: the command that reruns the task repeats it.
    pub(super) is_needed_again: bool,
    read: Box<Read>,
}

type Read = dyn Fn(&ArgMatches, &mut MtrunOptions, &Surroundings<'_>) -> Result<(), OptionError>;

impl Row {
    pub(super) fn new(
        arg: Arg,
        read: impl Fn(&ArgMatches, &mut MtrunOptions, &Surroundings<'_>) -> Result<(), OptionError>
        + 'static,
    ) -> Self {
        Self { arg, is_needed_again: false, read: Box::new(read) }
    }

    /// Sets the option's field, if the command line has the option.
    pub(super) fn read(
        &self,
        matches: &ArgMatches,
        options: &mut MtrunOptions,
        around: &Surroundings<'_>,
    ) -> Result<(), OptionError> {
        (self.read)(matches, options, around)
    }

    /// Changes the option's `clap::Arg`.
    pub(super) fn with(self, change: impl FnOnce(Arg) -> Arg) -> Self {
        Self { arg: change(self.arg), ..self }
    }

    pub(super) fn again(self) -> Self {
        Self { is_needed_again: true, ..self }
    }
}

/// An option without a value.
pub(super) fn flag(
    name: &'static str,
    help: &'static str,
    set: impl Fn(&mut MtrunOptions) + 'static,
) -> Row {
    let arg = Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    Row::new(arg, move |matches, options, _| {
        if matches.get_flag(name) {
            set(options);
        }
        Ok(())
    })
}

/// An option with a value; the last one counts.
pub(super) fn value<T: Clone + Send + Sync + 'static>(
    name: &'static str,
    what: &'static str,
    help: &'static str,
    parse: fn(&str) -> Result<T, String>,
    set: impl Fn(&mut MtrunOptions, T) + 'static,
) -> Row {
    let arg = Arg::new(name).long(name).value_name(what).value_parser(parse).help(help);
    Row::new(arg, move |matches, options, _| {
        matches.get_one::<T>(name).into_iter().for_each(|value| set(options, value.clone()));
        Ok(())
    })
}

/// An option with one of several words; the last one counts.
pub(super) fn choice<const N: usize>(
    name: &'static str,
    words: [&'static str; N],
    help: &'static str,
    set: impl Fn(&mut MtrunOptions, &str) + 'static,
) -> Row {
    let arg = Arg::new(name).long(name).value_name("WHICH").value_parser(words).help(help);
    Row::new(arg, move |matches, options, _| {
        matches.get_one::<String>(name).into_iter().for_each(|word| set(options, word));
        Ok(())
    })
}

/// An option with a text that may be given several times.
pub(super) fn texts(
    name: &'static str,
    what: &'static str,
    help: &'static str,
    set: impl Fn(&mut MtrunOptions, Vec<String>) + 'static,
) -> Row {
    let arg = Arg::new(name).long(name).value_name(what).help(help).value_parser(filled);
    Row::new(arg.action(ArgAction::Append), move |matches, options, _| {
        let texts = all(matches, name);
        if !texts.is_empty() {
            set(options, texts);
        }
        Ok(())
    })
}

/// An option with a path, which may have any bytes; the last one counts.
pub(super) fn path(
    name: &'static str,
    what: &'static str,
    help: &'static str,
    set: impl Fn(&mut MtrunOptions, PathBuf) + 'static,
) -> Row {
    Row::new(path_arg(name, what, help), move |matches, options, around| {
        let path = matches.get_one::<PathBuf>(name);
        path.into_iter().for_each(|path| set(options, around.path(path)));
        Ok(())
    })
}

/// An option whose value is a path, or has one.
pub(super) fn path_arg(name: &'static str, what: &'static str, help: &'static str) -> Arg {
    let path = value_parser!(PathBuf);
    Arg::new(name).long(name).value_name(what).help(help).value_parser(path).value_hint(PATH)
}

/// An option with a text that has a path in it, and that may be given several times.
pub(super) fn texts_with_path_arg(name: &'static str, what: &'static str) -> Arg {
    path_arg(name, what, "").value_parser(value_parser!(OsString)).action(ArgAction::Append)
}

const PATH: ValueHint = ValueHint::AnyPath;

/// Whether the option's value may have any bytes.
pub(super) fn has_path(arg: &Arg) -> bool {
    arg.get_value_hint() == PATH
}

/// Every value of an option, in order.
pub(super) fn all<T>(matches: &ArgMatches, name: &str) -> Vec<T>
where
    T: Clone + Send + Sync + 'static,
{
    matches.get_many(name).into_iter().flatten().cloned().collect()
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

/// A text that is not empty.
pub(super) fn filled(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("a value is needed".to_owned()) } else { Ok(text.to_owned()) }
}
