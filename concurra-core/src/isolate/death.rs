//! How a worker process died, in words.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use crate::process::signal_name;

/// A worker process ended before its task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Death(pub(super) Option<ExitStatus>);

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(status) = self.0 else { return f.write_str("its process was lost") };
        if let Some(number) = status.signal() {
            let core = if status.core_dumped() { " and left a core dump" } else { "" };
            return write!(f, "its process was killed by {}{core}", signal_name(number));
        }
        let code = status.code().unwrap_or_default();
        write!(f, "its process ended with exit({code}) in the middle of the task")
    }
}
