//! What is wrong with a command before the system is asked, which would say less.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use super::error::RunError;
use super::spec::{CommandSpec, Form};

/// Finds what no system can run.
pub(super) fn check(spec: &CommandSpec) -> Result<(), RunError> {
    match &spec.form {
        Form::Exec(words) => check_words(words)?,
        Form::Shell(text) if text.trim().is_empty() => return Err(RunError::Empty),
        Form::Shell(text) => no_nul(text, || "the shell text".to_owned())?,
    }
    if let Some(dir) = &spec.current_dir {
        no_nul(dir, || "the working directory".to_owned())?;
    }
    spec.env.iter().try_for_each(|(name, value)| check_variable(spec, name, value))
}

fn check_words(words: &[OsString]) -> Result<(), RunError> {
    if words.first().is_none_or(|program| program.is_empty()) {
        return Err(RunError::Empty);
    }
    words.iter().enumerate().try_for_each(|(number, word)| {
        no_nul(word, || match number {
            0 => "the program's name".to_owned(),
            _ => format!("argument {number} of the command"),
        })
    })
}

fn check_variable(spec: &CommandSpec, name: &OsStr, value: &OsStr) -> Result<(), RunError> {
    if name.is_empty() || name.as_bytes().contains(&b'=') {
        return Err(RunError::VariableName { name: spec.shown(name) });
    }
    let part = || format!("the environment variable {:?}", spec.shown(name));
    no_nul(name, part)?;
    no_nul(value, part)
}

fn no_nul(text: impl AsRef<OsStr>, part: impl Fn() -> String) -> Result<(), RunError> {
    if text.as_ref().as_bytes().contains(&0) {
        return Err(RunError::Nul { part: part() });
    }
    Ok(())
}
