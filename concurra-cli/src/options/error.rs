//! clap's errors in our words.

use std::error::Error;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Program;
use super::names::unknown;

/// Why a command line gives no options.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OptionError {
    /// It asks for the help or the version: print this text and exit with 0.
    #[error("{0}")]
    Help(String),
    /// It is wrong: what is wrong with it, and what to write instead. No value of a parameter or a
    /// mock is in this text.
    #[error("{0}")]
    Wrong(String),
}

impl From<String> for OptionError {
    fn from(wrong: String) -> Self {
        Self::Wrong(wrong)
    }
}

/// clap's error in our words.
pub(super) fn from_clap(program: Program, error: &clap::Error) -> OptionError {
    let texts = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => std::slice::from_ref(text),
        Some(ContextValue::Strings(texts)) => texts.as_slice(),
        _ => &[],
    };
    let option = |kind| texts(kind).first().map_or("", |text| without_value(text));
    let (option, other) = (option(ContextKind::InvalidArg), option(ContextKind::PriorArg));
    let value = texts(ContextKind::InvalidValue).first().map_or("", String::as_str);
    OptionError::Wrong(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return OptionError::Help(error.to_string());
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => format!(
            "the value of `{option}` is missing or empty, perhaps from an unset shell variable; \
             write `{option}=VALUE`, or leave the option out"
        ),
        ErrorKind::InvalidValue => {
            let words = texts(ContextKind::ValidValue).join(", ");
            wrong_value(option, value, &format!("one of {words} is needed"))
        }
        ErrorKind::ValueValidation => {
            let reason = error.source().map(ToString::to_string).unwrap_or_default();
            wrong_value(option, value, &reason)
        }
        ErrorKind::TooManyValues => format!("`{option}` takes no value"),
        ErrorKind::ArgumentConflict => {
            format!("`{option}` and `{other}` exclude each other; leave one out")
        }
        ErrorKind::UnknownArgument => unknown(program, option),
        // The one option that requires another.
        ErrorKind::MissingRequiredArgument => {
            "`--format json` needs `-Z unstable-options`, as in libtest".to_owned()
        }
        _ => error.to_string().trim_start_matches("error: ").to_owned(),
    })
}

/// The message for a value that an option or a variable cannot have.
pub(super) fn wrong_value(option: &str, value: &str, reason: &str) -> String {
    format!("`{option}` cannot be `{value}`: {reason}")
}

/// The option without the placeholder of its value: `--workers <N>` is `--workers`.
fn without_value(text: &str) -> &str {
    text.split([' ', '[', '=']).next().unwrap_or_default()
}
