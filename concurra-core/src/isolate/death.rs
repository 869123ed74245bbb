//! How a worker process was lost, in words.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use thiserror::Error;

use crate::process::signal_name;

/// Why a task came to nothing together with its worker process.
#[derive(Debug, Error)]
pub(crate) enum Lost {
    #[error("{0}")]
    Dead(Death),
    #[error("its process said something that cannot be read; {OTHERS}")]
    Nonsense,
    #[error("its process is no longer connected with the run; {OTHERS}")]
    Deaf,
}

const OTHERS: &str = "a task that writes to descriptors which it has not opened, or closes them, \
                      has to run in a thread (leave `isolate` out)";

/// A worker process ended before its task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Death(pub(super) Option<ExitStatus>);

impl Death {
    /// What the process ended with; `None` when it was killed.
    pub(super) fn code(self) -> Option<i32> {
        self.0?.code()
    }

    /// What became of the process.
    pub(super) fn how(self) -> String {
        let Some(status) = self.0 else { return "was lost".to_owned() };
        if let Some(number) = status.signal() {
            let core = if status.core_dumped() { " and left a core dump" } else { "" };
            return format!("was killed by {}{core}", signal_name(number));
        }
        format!("ended with exit({})", status.code().unwrap_or_default())
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its process {}", self.how())?;
        match self.code() {
            Some(_) => f.write_str(" in the middle of the task"),
            None => Ok(()),
        }
    }
}
