//! What to run and how: the description of a command. Unaware of processes.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

use crate::secret::Secrets;

/// A command as a task holds it; every attempt runs it anew.
#[derive(Clone)]
pub(crate) struct CommandSpec {
    pub(crate) form: Form,
    /// Where the command runs; `None` is where this process runs. A relative program path such as
    /// `./tool` starts here too, as it does after a `cd`.
    pub(crate) current_dir: Option<PathBuf>,
    /// Added to the environment of this process; the last of several values of a name counts.
    pub(crate) env: Vec<(OsString, OsString)>,
    /// Whether an exit code other than zero, or a death by a signal, is a failure.
    pub(crate) check: bool,
    /// Whether stdout and stderr are kept; otherwise they go where those of this process go.
    pub(crate) capture: bool,
    /// Whether what is kept is text, with bytes that are not UTF-8 replaced by `�`.
    pub(crate) text: bool,
    pub(crate) secrets: Secrets,
}

/// What runs a text.
pub(super) const SHELL: &str = "/bin/sh";

/// The two ways to say what to run.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// A program and its arguments.
    Exec(Vec<OsString>),
    /// A text for `/bin/sh -c`.
    Shell(String),
}

impl CommandSpec {
    /// A program and its arguments. An empty list fails when it is run.
    pub(crate) fn exec(words: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self::new(Form::Exec(words.into_iter().map(Into::into).collect()))
    }

    /// A text that `/bin/sh` runs.
    pub(crate) fn shell(text: impl Into<String>) -> Self {
        Self::new(Form::Shell(text.into()))
    }

    fn new(form: Form) -> Self {
        Self {
            form,
            current_dir: None,
            env: Vec::new(),
            check: true,
            capture: true,
            text: true,
            secrets: Secrets::default(),
        }
    }

    /// The command as a person would type it, without its secrets.
    pub(crate) fn line(&self) -> String {
        match &self.form {
            Form::Exec(words) => {
                // Quotes may change a secret, so they come after the mask.
                let quoted = words.iter().map(|word| quote(self.shown(word)));
                quoted.collect::<Vec<_>>().join(" ")
            }
            Form::Shell(text) => self.secrets.mask(text).into_owned(),
        }
    }

    /// What is started; empty when the command is.
    pub(super) fn program(&self) -> &OsStr {
        match &self.form {
            Form::Exec(words) => words.first().map_or(OsStr::new(""), |word| word.as_os_str()),
            Form::Shell(_) => OsStr::new(SHELL),
        }
    }

    /// A word or a path of this command as messages show it.
    pub(super) fn shown(&self, word: impl AsRef<OsStr>) -> String {
        self.secrets.mask(&word.as_ref().to_string_lossy()).into_owned()
    }

    /// The last value that was given to a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&OsStr> {
        self.env.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_os_str())
    }
}

/// Environments and arguments may hold more than the secrets that are known, so neither is shown.
impl fmt::Debug for CommandSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CommandSpec").field(&self.line()).finish()
    }
}

fn quote(word: String) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
