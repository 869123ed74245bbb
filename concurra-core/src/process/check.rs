//! Finds mistakes in a command before the system does: the system's errors are less precise.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::spec::CommandSpec;

/// Finds mistakes that no system accepts. The error is a message for the user.
pub(super) fn check(spec: &CommandSpec) -> Result<(), String> {
    if spec.is_empty() {
        return Err("the command is empty; give a program and its arguments, or a text for \
                    `/bin/sh`"
            .to_owned());
    }
    for (number, word) in spec.words.iter().enumerate() {
        check_nul(word, || match number {
            0 => "the program's name".to_owned(),
            _ if spec.is_shell => "the shell text".to_owned(),
            _ => format!("argument {number} of the command"),
        })?;
    }
    if let Some(dir) = &spec.current_dir {
        check_nul(dir.as_os_str(), || "the working directory".to_owned())?;
    }
    for (name, value) in &spec.env {
        if name.is_empty() || name.as_bytes().contains(&b'=') {
            return Err(format!(
                "{:?} is not a valid name of an environment variable; a name must not be empty or \
                 contain `=`",
                spec.shown(name)
            ));
        }
        for text in [name, value] {
            check_nul(text, || format!("the environment variable {:?}", spec.shown(name)))?;
        }
    }
    Ok(())
}

fn check_nul(text: &OsStr, part: impl Fn() -> String) -> Result<(), String> {
    if text.as_bytes().contains(&0) {
        return Err(format!("{} has a NUL byte (`\\0`), which no command can contain", part()));
    }
    Ok(())
}
