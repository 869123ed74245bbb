//! The command that runs a task again.

use std::borrow::Cow;

use concurra_core::Report;

use super::text::quoted;

/// What stands around a task's name in the command that runs it again.
#[derive(Clone, Debug)]
pub(crate) struct Again {
    target: String,
    options: Vec<String>,
}

impl Again {
    /// `target` is a command already, `options` are words as a program receives them.
    pub(crate) const fn new(target: String, options: Vec<String>) -> Self {
        Self { target, options }
    }

    /// The command, with `***` where a secret stood.
    pub(super) fn command(&self, task: &str, report: &Report) -> String {
        let options = self.options.iter().map(|word| format!(" {}", masked(word, report)));
        format!("{}::{}{}", self.target, quoted(task), options.collect::<String>())
    }
}

/// A word as a shell takes it; whoever copies it has to put the secret in place of the stars.
fn masked(word: &str, report: &Report) -> String {
    match report.mask(word) {
        Cow::Borrowed(word) => quoted(word),
        Cow::Owned(masked) => {
            let rest = masked.replace('*', "");
            if quoted(&rest) == rest { masked } else { quoted(&masked) }
        }
    }
}
