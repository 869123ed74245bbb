//! Why there is no worker process, and what to do about it.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use rustix::io::Errno;
use thiserror::Error;

use super::death::Death;
use crate::process::start_hint;

/// Why there is no worker process. `said` is the end of what it wrote.
#[derive(Debug, Error)]
pub(crate) enum HostError {
    #[error("no worker process could be started: {0}{hint}", hint = start_hint(.0))]
    Start(#[from] io::Error),
    #[error(
        "this program's file, {}, was replaced or removed since the program began, so no worker \
         process can be started; run the program again", path.display()
    )]
    Replaced { path: PathBuf },
    #[error("the worker process {}{said}", end(*death))]
    Dead { death: Death, said: String },
    #[error(
        "the worker process said something that cannot be read instead of taking tasks ({MAIN})"
    )]
    Nonsense,
    #[error("the worker process went on without taking tasks ({MAIN}){said}")]
    Silent { said: String },
    #[error("the worker process cannot take tasks: {why}")]
    Unable { why: String },
    #[error("the worker process is that of version {theirs}, this program of {ours}", ours = env!("CARGO_PKG_VERSION"))]
    Version { theirs: String },
}

impl HostError {
    /// Whether every other worker process of this program would come to the same.
    pub(crate) fn is_lasting(&self) -> bool {
        match self {
            Self::Start(error) => !is_for_lack_of_room(error),
            // Who is killed may have been in the way of others.
            Self::Dead { death, .. } => death.code().is_some(),
            Self::Unable { .. } => false,
            Self::Replaced { .. } | Self::Nonsense | Self::Silent { .. } | Self::Version { .. } => {
                true
            }
        }
    }
}

/// Whether the system may have room a moment later.
fn is_for_lack_of_room(error: &io::Error) -> bool {
    let lacks = [Errno::AGAIN, Errno::NOMEM, Errno::MFILE, Errno::NFILE].map(Some);
    lacks.contains(&Errno::from_io_error(error)) || error.kind() == ErrorKind::ExecutableFileBusy
}

const MAIN: &str = "when the program has a `main` of its own, that has to begin with \
                    `concurra::worker_process()`";

/// What the system's loader ends with, for lack of a library.
const NOT_LOADED: i32 = 127;

/// Only a program that came to an end of its own may have done something else than to serve.
fn end(death: Death) -> String {
    match death.code() {
        None | Some(NOT_LOADED) => format!("{} before it took a task", death.how()),
        Some(_) => format!("{} instead of taking tasks ({MAIN})", death.how()),
    }
}
