//! Why a command could not be run, and what to do about it.

use std::io;

/// Why a command has no exit code. Texts of the user are in it as they may be shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunError {
    #[error("the command is empty; give a program and its arguments, or a text for `/bin/sh`")]
    Empty,
    #[error("{part} has a NUL byte (`\\0`), and no command can be given one")]
    Nul { part: String },
    #[error(
        "{name:?} is not a valid name of an environment variable; a name must not be empty or contain `=`"
    )]
    VariableName { name: String },
    #[error("there is no working directory {dir:?}; let a task named in `after` make it")]
    NoDirectory { dir: String },
    #[error(
        "the working directory is empty; give a path, or leave it out for that of this program"
    )]
    EmptyDirectory,
    #[error("the working directory {dir:?} is not a directory")]
    NotADirectory { dir: String },
    #[error("the working directory {dir:?} may not be entered; see its permissions (`ls -ld`)")]
    DirectoryDenied { dir: String },
    #[error("there is no program {program:?} in PATH ({path}){hint}")]
    NotInPath { program: String, path: String, hint: &'static str },
    #[error("there is no program {program:?}{hint}")]
    NoProgram { program: String, hint: &'static str },
    #[error("{program:?} is there, but the interpreter of its `#!` line, or its loader, is not")]
    NoInterpreter { program: String },
    #[error("{program:?} may not be run; make it executable (`chmod +x`) if it is a program")]
    Denied { program: String },
    #[error("{program:?} is a directory; give the path of a program")]
    Directory { program: String },
    #[error("{program:?} is not a program for this system; a script must begin with `#!`")]
    NotAProgram { program: String },
    #[error(
        "the arguments and the environment are longer than the system allows (the longest \
         argument has {longest} bytes); hand long data over in a file"
    )]
    TooLong { longest: usize },
    #[error("{program:?} cannot be run while somebody writes to it; close the file first")]
    Busy { program: String },
    #[error("{program:?} could not be started{hint}")]
    NotStarted { program: String, hint: &'static str, source: io::Error },
    #[error("what the command wrote could not be read")]
    Unread { source: io::Error },
    #[error("the exit code is lost: this process ignores SIGCHLD, or waits for any child")]
    Lost { source: io::Error },
}
