//! Why a worker process takes no task, or does not finish one.

use std::fmt;
use std::io::{self, ErrorKind};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;

use rustix::io::Errno;
use thiserror::Error;

use crate::process::{signal_name, start_hint};
use crate::shown::{joined, line};

/// Why no worker process takes a task. `output` is the end of what the process wrote.
#[derive(Debug, Error)]
pub(crate) enum HostError {
    #[error("no worker process could be started: {0}{hint}", hint = start_hint(.0))]
    Start(#[from] io::Error),
    #[error(
        "this program's file, {}, was replaced or removed since the program began, so no worker \
         process can be started; run the program again", path.display()
    )]
    Replaced { path: PathBuf },
    #[error("the worker process {}{output}", before_task(*death))]
    Dead { death: Death, output: String },
    #[error("the worker process sent something unreadable instead of taking tasks ({MAIN})")]
    Unreadable,
    #[error("the worker process went on without taking tasks ({MAIN}){output}")]
    Silent { output: String },
    #[error("the worker process cannot take tasks: {why}")]
    Unable { why: String },
    #[error(
        "the worker process has version {theirs}, this program {ours}",
        ours = env!("CARGO_PKG_VERSION")
    )]
    Version { theirs: String },
}

impl HostError {
    /// Whether every other worker process of this program would fail in the same way.
    pub(crate) fn is_lasting(&self) -> bool {
        match self {
            Self::Start(error) => !is_for_lack_of_room(error),
            // The system may have killed the process for lack of memory.
            Self::Dead { death, .. } => death.code().is_some(),
            Self::Unable { .. } => false,
            _ => true,
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

/// The exit code of the system's loader when a library is missing.
const NOT_LOADED: i32 = 127;

/// A program that exited by itself may have run its own `main` instead.
fn before_task(death: Death) -> String {
    match death.code() {
        None | Some(NOT_LOADED) => format!("{death} before it took a task"),
        Some(_) => format!("{death} instead of taking tasks ({MAIN})"),
    }
}

/// Why a worker process did not finish its task.
#[derive(Debug, Error)]
pub(crate) enum Lost {
    #[error(
        "its process {death}{}{}",
        if death.code().is_some() { IN_THE_MIDDLE } else { "" },
        suspects(left)
    )]
    Dead {
        death: Death,
        /// Other tasks that have left threads behind in the process.
        left: Vec<String>,
    },
    #[error("its process sent something unreadable; {DESCRIPTOR_ADVICE}")]
    Unreadable,
    #[error("its process has lost its connection to the run; {DESCRIPTOR_ADVICE}")]
    Disconnected,
}

const IN_THE_MIDDLE: &str = " in the middle of the task";

/// A thread of an earlier task may have ended the process.
fn suspects(left: &[String]) -> String {
    if left.is_empty() {
        return String::new();
    }
    let tasks = joined(left, ", ", |task| line(task).into_owned());
    format!("; threads that earlier tasks left behind still ran in it: {tasks}")
}

const DESCRIPTOR_ADVICE: &str = "a task that writes to descriptors which it has not opened, or closes \
                        them, has to run in a thread (leave `isolate` out)";

/// How a worker process ended; `None` when the system does not know its exit status.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Death(pub(super) Option<ExitStatus>);

impl Death {
    /// The exit code; `None` when a signal killed the process.
    fn code(self) -> Option<i32> {
        self.0?.code()
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(status) = self.0 else { return f.write_str("was lost") };
        match status.signal() {
            Some(signal) => {
                let core = if status.core_dumped() { " and left a core dump" } else { "" };
                write!(f, "was killed by {}{core}", signal_name(signal))
            }
            None => write!(f, "ended with exit({})", status.code().unwrap_or_default()),
        }
    }
}
