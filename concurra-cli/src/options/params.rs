//! Results given from outside, and parameters.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Arg, ArgMatches};
use serde_json::Value;

use super::prepass::Given;
use super::table::{all, texts};
use super::{OptionError, Surroundings};

/// An option that a task needs to end again as it did, as it was written: no other form gives the
/// same for every key and value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The words of the command line.
    pub words: Vec<String>,
    /// The length of what may be secret at the end of the last word: a result, a parameter, a path.
    pub value: usize,
    /// The task whose result it gives.
    pub mock: Option<String>,
}

pub(super) fn args() -> Vec<Arg> {
    vec![
        texts("result", "NAME=VALUE", "Do not run NAME; VALUE (JSON, text or @file) is its result")
            .long_help(
                "Do not run NAME; VALUE (JSON, text or @file) is its result. Also written \
                 --result-NAME=VALUE",
            ),
        texts("set", "KEY=VALUE", "A parameter of any name; @env:VAR reads a variable"),
        texts("params-file", "FILE", "Parameters from a JSON object").visible_alias("state-file"),
    ]
}

/// The mocked tasks; `@file` is replaced by what the file holds.
pub(super) fn mocks(
    given: &[Given],
    around: &Surroundings<'_>,
) -> Result<Vec<(String, Option<String>)>, OptionError> {
    let mocks = given.iter().filter_map(|given| match given {
        Given::Mock(name, value) => Some((name, value)),
        Given::Param(..) => None,
    });
    mocks.map(|(name, value)| Ok((name.clone(), mock_value(value.as_deref(), around)?))).collect()
}

fn mock_value(
    value: Option<&str>,
    around: &Surroundings<'_>,
) -> Result<Option<String>, OptionError> {
    let Some(file) = value.and_then(|value| value.strip_prefix('@')) else {
        return Ok(value.map(str::to_owned));
    };
    let mut text = read_file(&around.path(file))?;
    // Editors and `echo` end a file with a line break that nobody means as part of a text.
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(Some(text))
}

/// The parameters: files first, then the command line in its order; the last one counts.
pub(super) fn params(
    matches: &ArgMatches,
    given: &[Given],
    around: &Surroundings<'_>,
) -> Result<BTreeMap<String, String>, OptionError> {
    let mut params = BTreeMap::new();
    for file in all(matches, "params-file") {
        read_params(&around.path(&file), &mut params)?;
    }
    for given in given {
        if let Given::Param(key, value) = given {
            params.insert(key.clone(), param_value(value, around)?);
        }
    }
    Ok(params)
}

fn param_value(value: &str, around: &Surroundings<'_>) -> Result<String, OptionError> {
    let Some(name) = value.strip_prefix("@env:") else { return Ok(value.to_owned()) };
    let found = (around.variable)(name).and_then(|value| value.into_string().ok());
    found.ok_or_else(|| OptionError::Variable { name: name.to_owned() })
}

fn read_params(path: &Path, params: &mut BTreeMap<String, String>) -> Result<(), OptionError> {
    let shape = |reason: String| OptionError::ParamsFile { path: path.to_owned(), reason };
    let json: Value =
        serde_json::from_str(&read_file(path)?).map_err(|error| shape(error.to_string()))?;
    let Value::Object(object) = json else {
        return Err(shape("it is not a JSON object".to_owned()));
    };
    params.extend(object.into_iter().map(|(key, value)| (key, plain_text(&value))));
    Ok(())
}

/// A text without its quotes; anything else as compact JSON.
fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn read_file(path: &Path) -> Result<String, OptionError> {
    std::fs::read_to_string(path)
        .map_err(|source| OptionError::File { path: path.to_owned(), source: source.into() })
}
