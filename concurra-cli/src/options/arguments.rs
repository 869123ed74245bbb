//! From arguments to clap's matches, and back.
//!
//! clap knows no options of any name, so it reads `--KEY=VALUE` as `--set=KEY=VALUE` and
//! `--result-NAME=VALUE` as `--result=NAME=VALUE`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use clap::{ArgMatches, Command};

use super::error::{OptionError, from_clap};
use super::names::{check_parameter, longs, unknown};
use super::table::Row;
use super::{Program, command};

/// The id of the option that names a file of parameters.
pub(super) const FILE: &str = "params-file";

/// An option as an argument from which a program reads the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The argument.
    pub argument: OsString,
    /// The length in bytes of what may be secret at the end of the argument: a result, a parameter,
    /// a path.
    pub value: usize,
    /// The task that it mocks.
    pub mock: Option<String>,
}

/// Reads arguments, without the program's name.
pub(super) fn matches(program: Program, args: &[OsString]) -> Result<ArgMatches, OptionError> {
    let mut command = command(program);
    let (options, rest) =
        args.split_at(args.iter().position(|arg| arg == "--").unwrap_or(args.len()));
    options.iter().try_for_each(|arg| check_name(program, &command, arg))?;
    let options = options.iter().map(|arg| known_form(&command, arg)).collect::<Vec<_>>();
    let matches = command.try_get_matches_from_mut(options.iter().chain(rest));
    matches.map_err(|error| from_clap(program, &error))
}

/// Checks the name of a long option that clap does not know or that `mtrun` refuses.
fn check_name(program: Program, command: &Command, arg: &OsStr) -> Result<(), String> {
    let Some(long) = behind(arg, "--") else { return Ok(()) };
    let (name, value) = split(long);
    let Some(name) = name.to_str() else {
        return Err(format!("the argument `--{}` is not valid Unicode", name.display()));
    };
    // `cargo test --test NAME` is a habit; here the name alone is enough.
    if program == Program::Mtrun && (name == "test" || name == "bench") {
        return Err(format!(
            "`--{name}` is not needed by `mtrun`; name the target itself: `mtrun NAME`"
        ));
    }
    if has_long(command, name) || name.starts_with("result-") {
        return Ok(());
    }
    value.ok_or_else(|| unknown(program, &format!("--{name}")))?;
    check_parameter(program, name)
}

/// The argument in a form that clap knows, if there is one.
pub(super) fn known_form(command: &Command, arg: &OsStr) -> OsString {
    let long = behind(arg, "--");
    let unknown =
        long.filter(|long| !split(long).0.to_str().is_some_and(|it| has_long(command, it)));
    let Some(long) = unknown else { return arg.to_owned() };
    match (behind(long, "result-"), split(long).1) {
        (Some(mock), _) => [OsStr::new("--result="), mock].into_iter().collect(),
        (None, Some(_)) => [OsStr::new("--set="), long].into_iter().collect(),
        (None, None) => arg.to_owned(),
    }
}

/// The options of these rows on a command line, in its order.
pub(super) fn written(matches: &ArgMatches, rows: impl Iterator<Item = Row>) -> Vec<Written> {
    let mut written = Vec::new();
    for row in rows {
        let id = row.arg.get_id().as_str();
        let values = matches.indices_of(id).into_iter().flatten();
        for (place, value) in values.zip(matches.get_raw(id).into_iter().flatten()) {
            let has_value = row.arg.get_action().takes_values();
            if has_value || matches.get_flag(id) {
                written.push((place, as_written(&row, has_value.then_some(value))));
            }
        }
    }
    written.sort_by_key(|(place, _)| *place);
    written.into_iter().map(|(_, written)| written).collect()
}

fn as_written(row: &Row, value: Option<&OsStr>) -> Written {
    let id = row.arg.get_id().as_str();
    let (name, rest) = value.map(split).unwrap_or_default();
    let is_short_form = |key: &str| !key.starts_with("result-") && is_parameter(key);
    let option = match (id, name.to_str()) {
        ("result", _) => "--result-".to_owned(),
        ("set", Some(key)) if rest.is_some() && is_short_form(key) => "--".to_owned(),
        _ => {
            let option = row.arg.get_long().map_or(format!("-{id}"), |long| format!("--{long}"));
            if value.is_some() { option + "=" } else { option }
        }
    };
    let secret = match id {
        "result" | "set" => rest,
        FILE => value,
        _ => None,
    };
    Written {
        argument: [OsStr::new(&option), value.unwrap_or_default()].into_iter().collect(),
        value: secret.map_or(0, OsStr::len),
        mock: name.to_str().filter(|_| id == "result").map(str::to_owned),
    }
}

/// Whether `--KEY=VALUE` sets a parameter.
pub(super) fn is_parameter(key: &str) -> bool {
    check_parameter(Program::Mtrun, key).is_ok()
}

/// The texts before and after the first `=`.
pub(super) fn split(text: &OsStr) -> (&OsStr, Option<&OsStr>) {
    let bytes = text.as_bytes();
    let Some(place) = bytes.iter().position(|byte| *byte == b'=') else { return (text, None) };
    (OsStr::from_bytes(&bytes[..place]), Some(OsStr::from_bytes(&bytes[place + 1..])))
}

/// The text after a prefix.
pub(super) fn behind<'t>(text: &'t OsStr, begin: &str) -> Option<&'t OsStr> {
    text.as_bytes().strip_prefix(begin.as_bytes()).map(OsStr::from_bytes)
}

fn has_long(command: &Command, name: &str) -> bool {
    command.get_arguments().flat_map(longs).any(|long| long == name)
}
