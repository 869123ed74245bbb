//! Why the system did not start a command: it uses one error for many causes.

use std::borrow::Cow;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::{self, Path, PathBuf};

use rustix::io::Errno;

use super::spec::CommandSpec;
use crate::failure::Failure;

/// The program's path. A relative one starts at the command's working directory, as after a `cd`;
/// std leaves that to the system.
pub(super) fn program_path(spec: &CommandSpec) -> Cow<'_, OsStr> {
    let program = spec.program();
    match &spec.current_dir {
        Some(dir) if is_path(program) && Path::new(program).is_relative() => {
            // The child is in the directory already when it looks for the program.
            let dir = path::absolute(dir).unwrap_or_else(|_| dir.clone());
            Cow::Owned(dir.join(program).into_os_string())
        }
        _ => Cow::Borrowed(program),
    }
}

/// Without a slash, the system looks for a program in `PATH`.
fn is_path(program: &OsStr) -> bool {
    program.as_bytes().contains(&b'/')
}

/// Why the system refused a command, and what to do about it.
pub(super) fn explain(spec: &CommandSpec, error: &io::Error) -> Failure {
    if let Some(message) = wrong_directory(spec) {
        return Failure::message(message);
    }
    let program = program_path(spec);
    let shown = spec.shown(&program);
    Failure::message(match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => missing(spec, &program),
        ErrorKind::PermissionDenied => denied(spec, &program),
        ErrorKind::ArgumentListTooLong => {
            let longest = spec.words.iter().map(|word| word.len()).max().unwrap_or(0);
            format!(
                "the arguments and the environment are longer than the system allows (the longest \
                 argument has {longest} bytes); hand long data over in a file"
            )
        }
        ErrorKind::ExecutableFileBusy => {
            format!("{shown:?} cannot be run while a program writes to it; close the file first")
        }
        _ if Errno::from_io_error(error) == Some(Errno::NOEXEC) => {
            format!("{shown:?} is not a program for this system; a script must begin with `#!`")
        }
        _ => {
            let message = format!("{shown:?} could not be started{}", start_hint(error));
            return caused_by(message, error);
        }
    })
}

/// A failure with the system's error as its cause.
pub(super) fn caused_by(message: impl Into<String>, error: &io::Error) -> Failure {
    Failure { causes: vec![error.to_string()], ..Failure::message(message) }
}

/// A missing directory and a missing program are the same error of the system.
fn wrong_directory(spec: &CommandSpec) -> Option<String> {
    let dir = spec.current_dir.as_deref()?;
    if dir.as_os_str().is_empty() {
        let message = "the working directory is empty; give a path, or leave it out for that of \
                       this program";
        return Some(message.to_owned());
    }
    // The dot needs the right to enter, which the directory itself does not.
    let kind = fs::metadata(dir.join(".")).err()?.kind();
    let dir = spec.shown(path::absolute(dir).unwrap_or_else(|_| dir.to_owned()));
    match kind {
        ErrorKind::NotFound => Some(format!(
            "there is no working directory {dir:?}; let a task named in `after` make it"
        )),
        ErrorKind::NotADirectory => {
            Some(format!("the working directory {dir:?} is not a directory"))
        }
        ErrorKind::PermissionDenied => Some(format!(
            "the working directory {dir:?} may not be entered; see its permissions (`ls -ld`)"
        )),
        _ => None,
    }
}

/// The system refuses a directory with the same error as a file that is not executable.
fn denied(spec: &CommandSpec, program: &OsStr) -> String {
    match found(spec, program, Path::exists) {
        Some(dir) if dir.is_dir() => {
            format!("{:?} is a directory; give the path of a program", spec.shown(dir))
        }
        _ => format!(
            "{:?} may not be run; make it executable (`chmod +x`) if it is a program",
            spec.shown(program)
        ),
    }
}

/// The program is missing, or its interpreter or loader.
fn missing(spec: &CommandSpec, program: &OsStr) -> String {
    if let Some(file) = found(spec, program, Path::is_file) {
        return format!(
            "{:?} is there, but the interpreter of its `#!` line, or its loader, is not",
            spec.shown(file)
        );
    }
    let mut message = format!("there is no program {:?}", spec.shown(program));
    if !is_path(program) {
        message += &format!(" in PATH ({})", spec.shown(search_path(spec)));
    }
    if spec.program().as_bytes().iter().any(u8::is_ascii_whitespace) {
        message += "; give every argument by itself, or leave the text to a shell";
    }
    message
}

/// The file that the system finds first when it looks for a program.
fn found(spec: &CommandSpec, program: &OsStr, is_it: fn(&Path) -> bool) -> Option<PathBuf> {
    if is_path(program) {
        return Some(PathBuf::from(program)).filter(|file| is_it(file));
    }
    env::split_paths(&search_path(spec)).map(|dir| dir.join(program)).find(|file| is_it(file))
}

/// The system uses the child's `PATH`, not that of this process.
fn search_path(spec: &CommandSpec) -> OsString {
    let own = spec.env.iter().rev().find(|(name, _)| name == "PATH");
    let own = own.map(|(_, path)| path.clone());
    own.or_else(|| env::var_os("PATH")).unwrap_or_else(|| "/bin:/usr/bin".into())
}

/// The hint for a system without room for one more process or thread.
pub(crate) fn start_hint(error: &io::Error) -> &'static str {
    match Errno::from_io_error(error) {
        Some(Errno::MFILE | Errno::NFILE) => "; run with fewer workers or raise `ulimit -n`",
        Some(Errno::AGAIN) => "; run with fewer workers or raise `ulimit -u`",
        _ => "",
    }
}
