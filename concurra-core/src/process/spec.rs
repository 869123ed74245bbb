//! The description of a command. Unaware of processes.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::secret::Secrets;

/// A command as a task holds it; every attempt runs it anew.
#[derive(Clone)]
pub(crate) struct CommandSpec {
    /// The program and its arguments: for a text, the shell that runs it.
    pub(super) words: Vec<OsString>,
    pub(super) is_shell: bool,
    /// Where the command runs; `None` is where this process runs. A relative program path such as
    /// `./tool` starts here too, as it does after a `cd`.
    pub(crate) current_dir: Option<PathBuf>,
    /// Added to the environment of this process; the last of several values of a name counts.
    pub(crate) env: Vec<(OsString, OsString)>,
    /// Whether an exit code other than zero, or a death by a signal, is a failure.
    pub(crate) check: bool,
    /// Whether stdout and stderr are captured; otherwise the command shares those of this process.
    pub(crate) capture: bool,
    /// Whether the captured output is text, with bytes that are not UTF-8 replaced by `�`.
    pub(crate) text: bool,
    /// The most bytes of each stream that are kept; zero keeps all. `None` leaves it to the run, and
    /// keeps all for the result.
    pub(crate) capture_limit: Option<usize>,
    pub(crate) secrets: Secrets,
}

/// The program that runs texts.
pub(super) const SHELL: &str = "/bin/sh";

impl CommandSpec {
    /// A program and its arguments. An empty list fails when it is run.
    pub(crate) fn exec(words: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self {
            words: words.into_iter().map(Into::into).collect(),
            is_shell: false,
            current_dir: None,
            env: Vec::new(),
            check: true,
            capture: true,
            text: true,
            capture_limit: None,
            secrets: Secrets::default(),
        }
    }

    /// A text that `/bin/sh` runs.
    pub(crate) fn shell(text: impl Into<String>) -> Self {
        Self { is_shell: true, ..Self::exec([SHELL.to_owned(), "-c".to_owned(), text.into()]) }
    }

    /// The command as a person would type it, without its secrets.
    pub(crate) fn line(&self) -> String {
        match self.shell_text() {
            Some(text) => self.shown(text),
            None => {
                // Quotes may change a secret, so they come after the mask.
                let quoted = self.words.iter().map(|word| quote(self.shown(word)));
                quoted.collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn shell_text(&self) -> Option<&OsStr> {
        self.words.last().filter(|_| self.is_shell).map(OsString::as_os_str)
    }

    /// Whether there is nothing to run.
    pub(super) fn is_empty(&self) -> bool {
        match self.shell_text() {
            Some(text) => text.as_bytes().trim_ascii().is_empty(),
            None => self.program().is_empty(),
        }
    }

    /// The program to start; empty when the command has no words.
    pub(super) fn program(&self) -> &OsStr {
        self.words.first().map_or(OsStr::new(""), OsString::as_os_str)
    }

    /// A word or a path of this command as messages show it.
    pub(super) fn shown(&self, word: impl AsRef<OsStr>) -> String {
        self.secrets.mask(&word.as_ref().to_string_lossy()).into_owned()
    }
}

/// Environments may hold more than the known secrets, so `Debug` shows the line alone.
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
