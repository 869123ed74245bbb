//! Mocks and parameters.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::{ArgAction, ArgMatches};
use serde_json::Value;

use super::table::{Row, all, path_arg, texts, texts_with_path_arg};
use super::words::{behind, unicode_value};
use super::{OptionError, Surroundings};

/// The id of the option that names a file of parameters.
pub(super) const FILE: &str = "params-file";

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A result or a parameter, in the order of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Assignment {
    /// `--result-NAME=VALUE`; a value that is not Unicode is `@` and a path.
    Mock(String, Option<OsString>),
    /// `--KEY=VALUE`
    Param(String, String),
}

/// An option that a task needs to end again as it did, as it was written: no other form gives the
/// same for every key and value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The words of the command line.
    pub words: Vec<OsString>,
    /// The length in bytes of what may be secret at the end of the last word: a result, a parameter,
    /// a path.
    pub value: usize,
    /// The task whose result it gives.
    pub mock: Option<String>,
}

/// The options, of which [`mocks`] and [`params`] make what they set.
pub(super) fn rows() -> Vec<Row> {
    let result = texts_with_path_arg("result", "NAME=VALUE")
        .help("Do not run NAME; VALUE (JSON, text or @file) is its result")
        .long_help(
            "Do not run NAME; VALUE (JSON, text or @file) is its result. Also written \
             --result-NAME=VALUE",
        );
    let file = path_arg(FILE, "FILE", "Parameters from a JSON object")
        .action(ArgAction::Append)
        .visible_alias("state-file");
    vec![
        Row::new(result, |_, _, _| Ok(())),
        texts("set", "KEY=VALUE", "A parameter of any name; @env:VAR reads a variable", |_, _| {}),
        Row::new(file, |_, _, _| Ok(())),
    ]
}

/// The mocked tasks; `@file` is replaced by what the file holds.
pub(super) fn mocks(
    assignments: &[Assignment],
    around: &Surroundings<'_>,
) -> Result<Vec<(String, Option<String>)>, OptionError> {
    let mocks = assignments.iter().filter_map(|assignment| match assignment {
        Assignment::Mock(name, value) => Some((name, value)),
        Assignment::Param(..) => None,
    });
    let read = |(name, value): (&String, &Option<OsString>)| {
        let value = value.as_deref().map(|value| mock_value(name, value, around)).transpose()?;
        Ok((name.clone(), value))
    };
    mocks.map(read).collect()
}

fn mock_value(name: &str, value: &OsStr, around: &Surroundings<'_>) -> Result<String, OptionError> {
    let option = format!("--result-{name}");
    let Some(file) = behind(value, "@") else {
        return Ok(unicode_value(&option, value)?.to_owned());
    };
    if file.is_empty() {
        let reason = "a file is missing; write `@FILE`".to_owned();
        return Err(OptionError::Value { option, value: "@".to_owned(), reason });
    }
    let mut text = read_file(&around.path(file))?;
    // Editors and `echo` end a file with a line break that nobody means as part of a text.
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}

/// The parameters: files first, then the command line in its order; the last one counts.
pub(super) fn params(
    matches: &ArgMatches,
    assignments: &[Assignment],
    around: &Surroundings<'_>,
) -> Result<BTreeMap<String, String>, OptionError> {
    let mut params = BTreeMap::new();
    for file in all::<PathBuf>(matches, FILE) {
        params.extend(read_params(&around.path(file))?);
    }
    for assignment in assignments {
        if let Assignment::Param(key, value) = assignment {
            params.insert(key.clone(), param_value(key, value, around)?);
        }
    }
    Ok(params)
}

pub(super) fn param_value(
    key: &str,
    value: &str,
    around: &Surroundings<'_>,
) -> Result<String, OptionError> {
    let Some(name) = value.strip_prefix("@env:") else { return Ok(value.to_owned()) };
    if name.is_empty() {
        let (option, value) = (format!("--set {key}"), value.to_owned());
        let reason = "the variable's name is missing; write `@env:VAR`".to_owned();
        return Err(OptionError::Value { option, value, reason });
    }
    let found = (around.variable)(name);
    let found = found.ok_or_else(|| OptionError::Variable { name: name.to_owned() })?;
    found.into_string().map_err(|_| OptionError::VariableNotUnicode { name: name.to_owned() })
}

/// The parameters in a file.
pub(super) fn read_params(path: &Path) -> Result<BTreeMap<String, String>, OptionError> {
    let shape = |reason: String| OptionError::ParamsFile { path: path.to_owned(), reason };
    let json: Value =
        serde_json::from_str(&read_file(path)?).map_err(|error| shape(error.to_string()))?;
    let Value::Object(object) = json else {
        return Err(shape("it is not a JSON object".to_owned()));
    };
    Ok(object.into_iter().map(|(key, value)| (key, plain_text(&value))).collect())
}

/// A text without its quotes; anything else as compact JSON.
fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What a file holds, without the byte-order mark that some editors put at its head.
pub(super) fn read_file(path: &Path) -> Result<String, OptionError> {
    let mut text = std::fs::read_to_string(path)
        .map_err(|source| OptionError::File { path: path.to_owned(), source: source.into() })?;
    if text.starts_with(BYTE_ORDER_MARK) {
        text.remove(0);
    }
    Ok(text)
}
