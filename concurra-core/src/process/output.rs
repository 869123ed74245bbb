//! The output of a command: the result of its task.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::spec::CommandSpec;
use crate::secret::Secrets;

/// The output of a command and how it ended, also when it failed.
///
/// Secrets are shown as `***` in `command`, in `Debug` and in [`to_json`](Self::to_json); `stdout`
/// and `stderr` are as the command wrote them.
///
/// ```no_run
/// # fn show(output: concurra_core::CommandOutput) {
/// assert_eq!(output.returncode, Some(0));
/// assert_eq!(output.stdout.as_str().trim_end(), "2 orders");
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandOutput {
    /// The command as a person would type it.
    pub command: String,
    /// Whether `/bin/sh` ran it.
    pub shell: bool,
    /// The exit code; `-9` when signal 9 killed the command, and so on; `None` when the command never
    /// started, or when its exit code is lost.
    pub returncode: Option<i32>,
    /// The command's standard output.
    pub stdout: Captured,
    /// The command's standard error.
    pub stderr: Captured,
    /// The working directory of the command; `None` is that of this process.
    pub cwd: Option<PathBuf>,
    pub(super) secrets: Secrets,
}

/// The content of one of a command's streams.
///
/// ```
/// # use concurra_core::Captured;
/// assert_eq!(Captured::Text("2 orders\n".to_owned()).as_bytes(), b"2 orders\n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Captured {
    /// Text; bytes that are not UTF-8 are replaced by `�`.
    Text(String),
    /// Bytes, as they were written.
    Bytes(Vec<u8>),
    /// Nothing: the stream went where that of this process goes.
    NotCaptured,
}

impl CommandOutput {
    /// Shows more values as `***`.
    pub(crate) fn hide(&mut self, secrets: &Secrets) {
        if !secrets.is_empty() {
            self.secrets.add(secrets);
            self.command = self.secrets.mask(&self.command).into_owned();
        }
    }

    /// The output of a command that has not started.
    pub(super) fn of(spec: &CommandSpec) -> Self {
        Self {
            command: spec.line(),
            shell: spec.is_shell,
            returncode: None,
            stdout: Captured::new(spec, Vec::new()),
            stderr: Captured::new(spec, Vec::new()),
            cwd: spec.current_dir.clone(),
            secrets: spec.secrets.clone(),
        }
    }

    /// The output of a mocked command: it has succeeded and written this text.
    pub(crate) fn mocked(spec: &CommandSpec, text: &str) -> Self {
        let stdout = match Captured::new(spec, text.into()) {
            // The text is kept also where the command's own output is not.
            Captured::NotCaptured if !text.is_empty() => Captured::Text(text.to_owned()),
            captured => captured,
        };
        Self { returncode: Some(0), stdout, ..Self::of(spec) }
    }

    /// `{command, shell, returncode, stdout, stderr, cwd}`, for reports: secrets are masked, bytes
    /// that are not UTF-8 are replaced by `�`, and a stream that was not captured is `null`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.json([&self.stdout, &self.stderr].map(|stream| self.shown(stream)))
    }

    /// As [`to_json`](Self::to_json), with these texts of the streams.
    pub(crate) fn to_json_with(&self, streams: [&str; 2]) -> Value {
        self.json(streams.map(|stream| Some(self.masked(stream))))
    }

    fn json(&self, [stdout, stderr]: [Option<String>; 2]) -> Value {
        json!({
            "command": self.command,
            "shell": self.shell,
            "returncode": self.returncode,
            "stdout": stdout,
            "stderr": stderr,
            "cwd": self.shown_cwd(),
        })
    }

    /// A stream without secrets; `None` when it was not captured.
    fn shown(&self, stream: &Captured) -> Option<String> {
        (*stream != Captured::NotCaptured).then(|| self.masked(&stream.as_str()))
    }

    fn shown_cwd(&self) -> Option<String> {
        self.cwd.as_deref().map(|dir| self.masked(&dir.to_string_lossy()))
    }

    fn masked(&self, text: &str) -> String {
        self.secrets.mask(text).into_owned()
    }
}

/// The most characters of a stream that `Debug` shows.
const SHOWN: usize = 80;

impl fmt::Debug for CommandOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandOutput")
            .field("command", &self.command)
            .field("returncode", &self.returncode)
            .field("stdout", &self.shown(&self.stdout).map(shortened))
            .field("stderr", &self.shown(&self.stderr).map(shortened))
            .field("cwd", &self.shown_cwd())
            .finish_non_exhaustive()
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

impl Captured {
    /// The bytes in the form that the command asks for.
    pub(super) fn new(spec: &CommandSpec, bytes: Vec<u8>) -> Self {
        if !spec.capture {
            Self::NotCaptured
        } else if spec.text {
            let text = String::from_utf8(bytes);
            Self::Text(
                text.unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned()),
            )
        } else {
            Self::Bytes(bytes)
        }
    }

    /// As text, with bytes that are not UTF-8 replaced by `�`; empty when nothing was captured.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes),
            Self::NotCaptured => Cow::Borrowed(""),
        }
    }

    /// As bytes; empty when nothing was captured.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
            Self::NotCaptured => &[],
        }
    }
}
