//! Mocks and parameters.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::ArgMatches;
use serde_json::Value;

use super::Surroundings;
use super::arguments::{FILE, behind, split};
use super::error::wrong_value;
use super::table::{Row, all, bytes};

const BYTE_ORDER_MARK: char = '\u{feff}';

pub(super) fn rows() -> Vec<Row> {
    let result = bytes("result", "NAME=VALUE")
        .help("Mock task NAME with VALUE (JSON, text or @file); also --result-NAME=VALUE");
    let set = bytes("set", "KEY=VALUE").help(
        "Set a parameter; also --KEY=VALUE, unless KEY looks like an option; @env:VAR reads a \
         variable",
    );
    let file = bytes(FILE, "FILE")
        .help("Read parameters from a JSON object in FILE")
        .visible_alias("state-file");
    vec![
        Row::new(result, |matches, to, around| {
            let results = all::<OsString>(matches, "result").into_iter();
            to.run.mocks = results.map(|text| mock(&text, around)).collect::<Result<_, _>>()?;
            Ok(())
        })
        .again(),
        Row::new(set, |matches, to, around| {
            to.run.params = files(matches, around)?;
            for (key, value) in set_params(matches, around)? {
                to.run.set.insert(key.clone());
                to.run.params.insert(key, value);
            }
            Ok(())
        })
        .again(),
        Row::new(file, |_, _, _| Ok(())).again(),
    ]
}

/// The task of `NAME=VALUE` and its result; for `@file` that is what the file holds.
fn mock(text: &OsStr, around: &Surroundings<'_>) -> Result<(String, Option<String>), String> {
    let (name, value) = pair(text, "--result", "NAME")?;
    let value = value.map(|value| mock_value(name, value, around)).transpose()?;
    Ok((name.to_owned(), value))
}

/// The name and the value of an option's `NAME=VALUE`.
fn pair<'t>(
    text: &'t OsStr,
    option: &str,
    what: &str,
) -> Result<(&'t str, Option<&'t OsStr>), String> {
    let (name, value) = split(text);
    match name.to_str() {
        Some("") => Err(format!("a name is missing; write `{option} {what}=VALUE`")),
        Some(name) => Ok((name, value)),
        None => Err(format!("the name in `{option} {}` is not valid Unicode", name.display())),
    }
}

fn mock_value(name: &str, value: &OsStr, around: &Surroundings<'_>) -> Result<String, String> {
    let option = format!("--result-{name}");
    let Some(file) = behind(value, "@") else { return unicode_value(&option, value) };
    if file.is_empty() {
        return Err(wrong_value(&option, "@", "a file is missing; write `@FILE`"));
    }
    let wrong = |reason: String| wrong_value(&option, &value.to_string_lossy(), &reason);
    let text = read_file(&around.base.join(file)).map_err(wrong)?;
    // Editors and `echo` end a file with a line break, which does not belong to the value.
    let value = text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n'));
    Ok(value.unwrap_or(&text).to_owned())
}

/// The parameters in files; the last one counts.
fn files(
    matches: &ArgMatches,
    around: &Surroundings<'_>,
) -> Result<BTreeMap<String, String>, String> {
    let mut params = BTreeMap::new();
    for file in all::<OsString>(matches, FILE) {
        let read = read_params(&around.base.join(&file));
        let wrong = |reason: String| wrong_value("--params-file", &file.to_string_lossy(), &reason);
        params.extend(read.map_err(wrong)?);
    }
    Ok(params)
}

/// The parameters that the command line sets, in its order.
fn set_params(
    matches: &ArgMatches,
    around: &Surroundings<'_>,
) -> Result<Vec<(String, String)>, String> {
    let read = |text: OsString| {
        let (key, value) = pair(&text, "--set", "KEY")?;
        let missing = || {
            wrong_value("--set", key, &format!("its value is missing; write `--set {key}=VALUE`"))
        };
        let value = unicode_value(&format!("--set {key}"), value.ok_or_else(missing)?)?;
        Ok((key.to_owned(), param_value(key, value, around)?))
    };
    all(matches, "set").into_iter().map(read).collect()
}

/// The value, or for `@env:VAR` the variable's.
pub(super) fn param_value(
    key: &str,
    value: String,
    around: &Surroundings<'_>,
) -> Result<String, String> {
    let Some(name) = value.strip_prefix("@env:") else { return Ok(value) };
    if name.is_empty() {
        let reason = "the variable's name is missing; write `@env:VAR`";
        return Err(wrong_value(&format!("--set {key}"), &value, reason));
    }
    let wrong = |reason: &str| wrong_value(&format!("--set {key}"), &value, reason);
    let unset = || {
        let variable = format!("the environment variable `{name}` is not set");
        wrong(&format!("{variable}; set it, or write the value itself"))
    };
    let text = (around.variable)(name).ok_or_else(unset)?;
    text.into_string().map_err(|_| wrong(&variable_not_unicode(name)))
}

pub(super) fn variable_not_unicode(name: &str) -> String {
    format!("the value of the environment variable `{name}` is not valid Unicode")
}

/// The value of an option as a text. An error does not show it, as it may be secret.
fn unicode_value(option: &str, value: &OsStr) -> Result<String, String> {
    let text = value.to_str().map(str::to_owned);
    text.ok_or_else(|| format!("the value of `{option}` is not valid Unicode"))
}

/// The parameters in a file.
pub(super) fn read_params(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let params = serde_json::from_str::<BTreeMap<String, Value>>(&read_file(path)?);
    let params =
        params.map_err(|error| format!("it must hold one JSON object of parameters: {error}"))?;
    // A text without its quotes; anything else as compact JSON.
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(params.into_iter().map(|(key, value)| (key, text(value))).collect())
}

/// The text of a file, without the byte-order mark that some editors write first.
pub(super) fn read_file(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
    Ok(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text).to_owned())
}
