//! Why the system did not start a command: it uses one error for many causes.

use std::borrow::Cow;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::{self, Path, PathBuf};

use rustix::io::Errno;

use super::error::RunError;
use super::spec::{CommandSpec, Form};

/// Where a program path starts: at the command's working directory, like after a `cd`. Left to
/// the system, that depends on the system.
pub(super) fn located<'a>(program: &'a OsStr, dir: Option<&Path>) -> Cow<'a, OsStr> {
    match dir {
        Some(dir) if is_path(program) && Path::new(program).is_relative() => {
            // The program is looked for when the child is already in the directory.
            let dir = path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
            Cow::Owned(dir.join(program).into_os_string())
        }
        _ => Cow::Borrowed(program),
    }
}

/// Without a slash, a program is looked for in `PATH`.
fn is_path(program: &OsStr) -> bool {
    program.as_bytes().contains(&b'/')
}

/// What is wrong with a command that the system refused.
pub(super) fn explain(spec: &CommandSpec, error: io::Error) -> RunError {
    if let Some(error) = wrong_directory(spec) {
        return error;
    }
    let program = located(spec.program(), spec.current_dir.as_deref());
    let shown = spec.shown(&program);
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => missing(spec, &program),
        ErrorKind::PermissionDenied => denied(spec, &program),
        ErrorKind::ArgumentListTooLong => RunError::TooLong { longest: longest(spec) },
        ErrorKind::ExecutableFileBusy => RunError::Busy { program: shown },
        _ => other(shown, error),
    }
}

/// A missing directory and a missing program are the same error.
fn wrong_directory(spec: &CommandSpec) -> Option<RunError> {
    let dir = spec.current_dir.as_deref()?;
    if dir.as_os_str().is_empty() {
        return Some(RunError::EmptyDirectory);
    }
    // The dot asks for the right to go in, which the directory itself does not.
    let kind = fs::metadata(dir.join(".")).err()?.kind();
    let dir = spec.shown(path::absolute(dir).unwrap_or_else(|_| dir.to_owned()));
    match kind {
        ErrorKind::NotFound => Some(RunError::NoDirectory { dir }),
        ErrorKind::NotADirectory => Some(RunError::NotADirectory { dir }),
        ErrorKind::PermissionDenied => Some(RunError::DirectoryDenied { dir }),
        _ => None,
    }
}

/// A directory is refused in the same words as a file that is no program.
fn denied(spec: &CommandSpec, program: &OsStr) -> RunError {
    match found(spec, program, Path::exists) {
        Some(dir) if dir.is_dir() => RunError::Directory { program: spec.shown(dir) },
        _ => RunError::Denied { program: spec.shown(program) },
    }
}

/// The program, or what it needs to be loaded, is missing.
fn missing(spec: &CommandSpec, program: &OsStr) -> RunError {
    let (shown, hint) = (spec.shown(program), hint(spec));
    match found(spec, program, Path::is_file) {
        Some(file) => RunError::NoInterpreter { program: spec.shown(file) },
        None if is_path(program) => RunError::NoProgram { program: shown, hint },
        None => RunError::NotInPath { program: shown, path: spec.shown(search_path(spec)), hint },
    }
}

/// What the system comes to first when it looks for a program.
fn found(spec: &CommandSpec, program: &OsStr, is_it: fn(&Path) -> bool) -> Option<PathBuf> {
    if is_path(program) {
        return Some(PathBuf::from(program)).filter(|file| is_it(file));
    }
    env::split_paths(&search_path(spec)).map(|dir| dir.join(program)).find(|file| is_it(file))
}

/// The usual slip is a whole command line in place of a program.
fn hint(spec: &CommandSpec) -> &'static str {
    let line = spec.program().as_bytes().iter().any(u8::is_ascii_whitespace);
    if line { "; give every argument by itself, or leave the text to a shell" } else { "" }
}

/// The child's `PATH` counts, not ours.
fn search_path(spec: &CommandSpec) -> OsString {
    let given = spec.variable("PATH").map(ToOwned::to_owned);
    given.or_else(|| env::var_os("PATH")).unwrap_or_else(|| "/bin:/usr/bin".into())
}

fn longest(spec: &CommandSpec) -> usize {
    match &spec.form {
        Form::Exec(words) => words.iter().map(|word| word.len()).max().unwrap_or(0),
        Form::Shell(text) => text.len(),
    }
}

fn other(program: String, source: io::Error) -> RunError {
    match Errno::from_io_error(&source) {
        Some(Errno::NOEXEC) => RunError::NotAProgram { program },
        _ => RunError::NotStarted { program, hint: start_hint(&source), source },
    }
}

/// What to do when there is no room for one more process or thread.
pub(crate) fn start_hint(error: &io::Error) -> &'static str {
    match Errno::from_io_error(error) {
        Some(Errno::MFILE | Errno::NFILE) => "; run with fewer workers or raise `ulimit -n`",
        Some(Errno::AGAIN) => "; run with fewer workers or raise `ulimit -u`",
        _ => "",
    }
}
