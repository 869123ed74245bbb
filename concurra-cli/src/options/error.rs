//! What can be wrong with a command line, in words that name the way out.

use std::path::PathBuf;
use std::sync::Arc;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use concurra_core::nearest::did_you_mean;

/// What is wrong with a command line.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OptionError {
    /// No option has this name.
    #[error("unknown option `{option}`{}", suggestion(near, key.as_deref()))]
    Unknown {
        /// As written.
        option: String,
        /// Options that may have been meant.
        near: Vec<String>,
        /// The name, when a parameter of that name may have been meant.
        key: Option<String>,
    },
    /// A parameter's name is too near to an option's.
    #[error(
        "`--{key}` is too near to the option `--{option}` to be a parameter; \
         write `--{option}`, or `--set {key}=VALUE` for a parameter of that name"
    )]
    NearOption {
        /// The parameter's name.
        key: String,
        /// The option's name.
        option: String,
    },
    /// A parameter's name has odd characters.
    #[error("`--{key}` is not a valid parameter name; use `--set {key}=VALUE` to set it anyway")]
    NotAKey {
        /// The parameter's name.
        key: String,
    },
    /// The option belongs to a later version.
    #[error("`{option}` is not supported by this version of Concurra ({})", env!("CARGO_PKG_VERSION"))]
    Later {
        /// As written.
        option: String,
    },
    /// The option is for `mtrun`, and this is a binary.
    #[error("`{option}` is an option of `mtrun` and cargo; the binary itself is already built")]
    OfMtrun {
        /// As written.
        option: String,
    },
    /// The option is cargo's, and not supported.
    #[error(
        "`{option}` is an option of cargo that is not supported here; write {}",
        instead.map_or_else(|| format!("`--set {key}=VALUE` if a parameter is meant"), str::to_owned)
    )]
    OfCargo {
        /// As written.
        option: String,
        /// Its name.
        key: String,
        /// What to write instead.
        instead: Option<&'static str>,
    },
    /// `mtrun --test NAME`.
    #[error("`{option}` is not needed by `mtrun`; name the target itself: `mtrun NAME`")]
    NameTheTarget {
        /// As written.
        option: String,
    },
    /// `mtrun ""`.
    #[error(
        "an argument is empty, perhaps from an unset shell variable; name a target or tasks, or \
         leave the argument out"
    )]
    EmptyWord,
    /// `--exclude SPEC` without `--workspace`.
    #[error(
        "`--exclude` leaves packages out of `--workspace`; write `--workspace --exclude SPEC`, or \
         name the other packages with `-p`"
    )]
    ExcludeAlone,
    /// `--set KEY` without a value.
    #[error("`--set` cannot be `{key}`: its value is missing; write `--set {key}=VALUE`")]
    NoParameter {
        /// The parameter's name, as far as it is one.
        key: String,
    },
    /// The option came without its value.
    #[error("`{option}` needs a value: `{option}{}VALUE`", if option.len() > 2 { "=" } else { " " })]
    MissingValue {
        /// As written.
        option: String,
    },
    /// The option's value is empty.
    #[error(
        "the value of `{option}` is empty, perhaps from an unset shell variable; give a value, or \
         leave the option out"
    )]
    EmptyValue {
        /// Its name.
        option: String,
    },
    /// The option takes no value.
    #[error("`{option}` takes no value")]
    NoValue {
        /// Its name.
        option: String,
    },
    /// The value is wrong.
    #[error("`{option}` cannot be `{value}`: {reason}")]
    Value {
        /// The option's or variable's name.
        option: String,
        /// As written.
        value: String,
        /// What is needed.
        reason: String,
    },
    /// Two options exclude each other.
    #[error("`{option}` and `{other}` exclude each other; leave one out")]
    Conflict {
        /// One.
        option: String,
        /// The other.
        other: String,
    },
    /// A result or a parameter without a name.
    #[error("a name is missing; write `{option}`")]
    NoName {
        /// The right form.
        option: &'static str,
    },
    /// `--format json` alone.
    #[error("`--format json` needs `-Z unstable-options`, as in libtest")]
    JsonIsUnstable,
    /// A file could not be read.
    #[error("cannot read `{}`: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// A file of parameters has the wrong shape.
    #[error("`{}` must hold one JSON object of parameters: {reason}", path.display())]
    ParamsFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// `@env:VAR` of a variable that is not set.
    #[error("the environment variable `{name}` is not set; set it, or write the value itself")]
    Variable {
        /// The variable.
        name: String,
    },
    /// An environment variable is set to bytes that are no text.
    #[error("the value of the environment variable `{name}` is not valid Unicode")]
    VariableNotUnicode {
        /// The variable.
        name: String,
    },
    /// `CONCURRA_ARGS` is not what it should be.
    #[error(
        "`{}` must be a JSON array of strings, as in `[\"--tags\",\"a\"]`",
        super::ARGS_VARIABLE
    )]
    ArgsVariable,
    /// An argument is not Unicode.
    #[error("the argument `{text}` is not valid Unicode")]
    NotUnicode {
        /// What can be shown of it.
        text: String,
    },
    /// An option's value is neither Unicode nor a path.
    #[error("the value of `{option}` is not valid Unicode")]
    ValueNotUnicode {
        /// As written.
        option: String,
    },
    /// clap found something that the pre-pass lets through only by mistake.
    #[error("{0}")]
    Other(String),
}

impl OptionError {
    /// What `mtrun` exits with.
    pub const MTRUN_EXIT: u8 = 94;
    /// What the binary by itself exits with, as libtest does.
    pub const BINARY_EXIT: u8 = 101;

    /// The error with another text wherever it shows one of the command line; our words stay.
    pub(super) fn mask(mut self, mask: impl Fn(&str) -> String) -> Self {
        match &mut self {
            Self::Unknown { option, key, .. } => {
                *option = mask(option);
                *key = key.as_deref().map(mask);
            }
            Self::NearOption { key: text, .. }
            | Self::NotAKey { key: text }
            | Self::NoParameter { key: text }
            | Self::Value { value: text, .. }
            | Self::Variable { name: text }
            | Self::VariableNotUnicode { name: text }
            | Self::NotUnicode { text }
            | Self::Other(text) => *text = mask(text),
            Self::File { path, .. } | Self::ParamsFile { path, .. } => {
                *path = mask(&path.display().to_string()).into();
            }
            Self::Later { .. }
            | Self::OfMtrun { .. }
            | Self::OfCargo { .. }
            | Self::NameTheTarget { .. }
            | Self::EmptyWord
            | Self::ExcludeAlone
            | Self::MissingValue { .. }
            | Self::EmptyValue { .. }
            | Self::NoValue { .. }
            | Self::Conflict { .. }
            | Self::NoName { .. }
            | Self::JsonIsUnstable
            | Self::ArgsVariable
            | Self::ValueNotUnicode { .. } => {}
        }
        self
    }
}

fn suggestion(near: &[String], key: Option<&str>) -> String {
    match (near, key) {
        ([], Some(key)) => {
            format!("; a parameter is written `--{key}=VALUE`, `--help` lists options")
        }
        ([], None) => "; `--help` lists the options".to_owned(),
        (near, _) => did_you_mean(near),
    }
}

/// clap's error in our words; its help and version are no errors.
pub(super) fn from_clap(error: &clap::Error) -> Result<String, OptionError> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => bare(text),
        Some(ContextValue::Strings(texts)) => texts.first().map_or_else(String::new, |t| bare(t)),
        _ => String::new(),
    };
    let option = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    Err(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return Ok(error.to_string()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            OptionError::EmptyValue { option }
        }
        ErrorKind::InvalidValue => OptionError::Value { option, value, reason: one_of(error) },
        ErrorKind::ValueValidation => OptionError::Value { option, value, reason: reason(error) },
        ErrorKind::TooManyValues => OptionError::NoValue { option },
        ErrorKind::ArgumentConflict => {
            OptionError::Conflict { option, other: text(ContextKind::PriorArg) }
        }
        _ => OptionError::Other(first_line(error)),
    })
}

/// The option without the placeholder of its value: `--workers <N>` is `--workers`.
fn bare(text: &str) -> String {
    text.split([' ', '[', '=']).next().unwrap_or_default().to_owned()
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
