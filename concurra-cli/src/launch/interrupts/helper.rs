//! A child that helps to prepare the run: cargo, or a runner that lists its tasks.

use std::io;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};

use super::{Interrupts, Watched};

/// A helper that runs; a signal to `mtrun` ends it and all that it started.
#[derive(Debug)]
pub(crate) struct Helper {
    child: Child,
    _watched: Watched,
}

impl Interrupts {
    /// Starts a helper.
    ///
    /// # Errors
    /// The program cannot be started.
    pub(crate) fn start(&self, command: &mut Command) -> io::Result<Helper> {
        let child = command.spawn()?;
        let watched = self.watch_helper(child.id());
        Ok(Helper { child, _watched: watched })
    }

    /// Runs a helper to its end and collects what it prints.
    ///
    /// # Errors
    /// The program cannot be started, or its output not be read.
    pub(crate) fn output(&self, command: &mut Command) -> io::Result<Output> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let Helper { child, _watched } = self.start(command)?;
        child.wait_with_output()
    }
}

impl Helper {
    /// What it prints, when that is piped and not yet taken.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// The system does not tell how it ended.
    pub(crate) fn wait(mut self) -> io::Result<ExitStatus> {
        self.child.wait()
    }
}
