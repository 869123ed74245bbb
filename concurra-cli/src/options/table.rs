//! A row of the table of options, and the few shapes that rows have.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::num::{IntErrorKind, NonZeroUsize, ParseIntError};
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::{MtrunOptions, Surroundings};

/// An option: its `clap::Arg`, and the field that it sets.
pub(super) struct Row {
    pub(super) arg: Arg,
    /// Whether the option changes how a single task ends: the command that reruns the task repeats it.
    pub(super) is_needed_again: bool,
    /// Sets the option's field, if the command line has the option.
    pub(super) read: Box<Read>,
}

const EMPTY: &str = "a value is needed";

type Read = dyn Fn(&ArgMatches, &mut MtrunOptions, &Surroundings<'_>) -> Result<(), String>;

impl Row {
    pub(super) fn new(
        arg: Arg,
        read: impl Fn(&ArgMatches, &mut MtrunOptions, &Surroundings<'_>) -> Result<(), String> + 'static,
    ) -> Self {
        Self { arg, is_needed_again: false, read: Box::new(read) }
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
    let arg = Arg::new(name).long(name).value_name(what).value_parser(unicode(parse)).help(help);
    Row::new(arg, move |matches, options, _| {
        matches.get_one::<T>(name).into_iter().for_each(|value| set(options, value.clone()));
        Ok(())
    })
}

/// An option with one of several words, each with its meaning; the last one counts.
pub(super) fn choice<T: Copy + 'static, const N: usize>(
    name: &'static str,
    words: [(&'static str, T); N],
    help: &'static str,
    set: impl Fn(&mut MtrunOptions, T) + 'static,
) -> Row {
    let parser = Words(words.map(|(word, _)| word).to_vec());
    let arg = Arg::new(name).long(name).value_name("WHICH").value_parser(parser).help(help);
    Row::new(arg, move |matches, options, _| {
        let chosen = matches.get_one::<String>(name);
        let chosen = chosen.and_then(|chosen| words.iter().find(|(word, _)| word == chosen));
        chosen.into_iter().for_each(|(_, value)| set(options, *value));
        Ok(())
    })
}

/// An option with a text that may be repeated.
pub(super) fn texts(
    name: &'static str,
    what: &'static str,
    help: &'static str,
    set: impl Fn(&mut MtrunOptions, Vec<String>) + 'static,
) -> Row {
    let arg = Arg::new(name).long(name).value_name(what).help(help).value_parser(unicode(filled));
    Row::new(arg.action(ArgAction::Append), move |matches, options, _| {
        set(options, all(matches, name));
        Ok(())
    })
}

/// An option with a path, which may have any bytes, and which may be given once: of two files or folders
/// the user would miss one.
pub(super) fn path(
    name: &'static str,
    what: &'static str,
    help: &'static str,
    set: impl Fn(&mut MtrunOptions, PathBuf) + 'static,
) -> Row {
    Row::new(bytes(name, what).help(help), move |matches, options, around| {
        let path = once::<OsString>(matches, name)?;
        path.into_iter().for_each(|path| set(options, around.base.join(path)));
        Ok(())
    })
}

/// The value of an option that may be given once.
pub(super) fn once<T: Clone + Send + Sync + 'static>(
    matches: &ArgMatches,
    name: &str,
) -> Result<Option<T>, String> {
    let mut values = all::<T>(matches, name);
    if values.len() > 1 {
        return Err(format!("`--{name}` is given {} times; write it once", values.len()));
    }
    Ok(values.pop())
}

/// An option that may be repeated, and whose value may have any bytes, as paths have.
pub(super) fn bytes(name: &'static str, what: &'static str) -> Arg {
    let filled = |value: OsString| if value.is_empty() { Err(EMPTY) } else { Ok(value) };
    let arg = Arg::new(name).long(name).value_name(what).action(ArgAction::Append);
    arg.value_parser(OsStringValueParser::new().try_map(filled))
}

/// Every value of an option, in order.
pub(super) fn all<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, name: &str) -> Vec<T> {
    matches.get_many(name).into_iter().flatten().cloned().collect()
}

/// Reads a text. clap's own error for other bytes would not name the option.
pub(super) fn unicode<T: Clone + Send + Sync + 'static>(
    parse: fn(&str) -> Result<T, String>,
) -> impl TypedValueParser<Value = T> {
    OsStringValueParser::new()
        .try_map(move |text| parse(text.to_str().ok_or("it is not valid Unicode")?))
}

/// The words of a choice. clap's own parser does not name the option of a value that is not Unicode.
#[derive(Clone)]
struct Words(Vec<&'static str>);

impl TypedValueParser for Words {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        unicode(|text| Ok(text.to_owned())).parse_ref(command, arg, value)?;
        PossibleValuesParser::new(self.0.iter().copied()).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().copied().map(PossibleValue::new)))
    }
}

/// A number of at least one.
pub(super) fn at_least_one(text: &str) -> Result<usize, String> {
    let needed = "a number of at least 1 is needed";
    let number = text.parse::<NonZeroUsize>().map(NonZeroUsize::get);
    number.map_err(|error| or_most(&error, usize::MAX, needed))
}

/// The message for a wrong number: it is too large, or else another one is needed.
pub(super) fn or_most(error: &ParseIntError, most: impl Display, needed: &str) -> String {
    match error.kind() {
        IntErrorKind::PosOverflow => format!("the largest number is {most}"),
        _ => needed.to_owned(),
    }
}

/// A text that is not empty.
pub(super) fn filled(text: &str) -> Result<String, String> {
    if text.is_empty() { Err(EMPTY.to_owned()) } else { Ok(text.to_owned()) }
}
