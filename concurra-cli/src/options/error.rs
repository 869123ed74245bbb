//! clap's errors in our words.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::names::unknown;

/// What is wrong with a command line, and what to write instead. No value of a parameter or a mock is in it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct OptionError(pub(super) String);

impl OptionError {
    /// What `mtrun` exits with.
    pub const MTRUN_EXIT: u8 = 94;
    /// What the binary by itself exits with, as libtest does.
    pub const BINARY_EXIT: u8 = 101;
}

/// clap's error in our words; its help and version are no errors.
pub(super) fn from_clap(error: &clap::Error) -> Result<String, String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => bare(text),
        Some(ContextValue::Strings(texts)) => texts.first().map_or("", |text| bare(text)),
        _ => "",
    };
    let option = text(ContextKind::InvalidArg);
    let value = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) => value.as_str(),
        _ => "",
    };
    Err(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return Ok(error.to_string()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => format!(
            "the value of `{option}` is missing or empty, perhaps from an unset shell variable; \
             write `{option}=VALUE`, or leave the option out"
        ),
        ErrorKind::InvalidValue => wrong_value(option, value, &one_of(error)),
        ErrorKind::ValueValidation => wrong_value(option, value, &reason(error)),
        ErrorKind::TooManyValues => format!("`{option}` takes no value"),
        ErrorKind::ArgumentConflict => {
            let other = text(ContextKind::PriorArg);
            format!("`{option}` and `{other}` exclude each other; leave one out")
        }
        ErrorKind::UnknownArgument => unknown(option),
        // The one option that requires another.
        ErrorKind::MissingRequiredArgument => {
            "`--format json` needs `-Z unstable-options`, as in libtest".to_owned()
        }
        _ => first_line(error),
    })
}

/// The message for a value that an option or a variable cannot have.
pub(super) fn wrong_value(option: &str, value: &str, reason: &str) -> String {
    format!("`{option}` cannot be `{value}`: {reason}")
}

/// The option without the placeholder of its value: `--workers <N>` is `--workers`.
fn bare(text: &str) -> &str {
    text.split([' ', '[', '=']).next().unwrap_or_default()
}

fn one_of(error: &clap::Error) -> String {
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) => format!("one of {} is needed", values.join(", ")),
        _ => "another value is needed".to_owned(),
    }
}

fn reason(error: &clap::Error) -> String {
    std::error::Error::source(error).map_or_else(|| first_line(error), ToString::to_string)
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
