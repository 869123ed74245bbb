//! A child that signals to `mtrun` reach: a runner, cargo, or a runner that lists its tasks.

use std::io::{self, Read};
use std::process::{self, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::{Child, Interrupts, State};
use crate::supervise::Orders;

/// How much later than its child `mtrun` may see a signal.
const MOMENT: Duration = Duration::from_millis(50);

/// A child that runs.
#[derive(Debug)]
#[must_use]
pub(crate) struct Running {
    child: process::Child,
    interrupts: Interrupts,
}

impl Interrupts {
    /// Starts a child; a runner takes orders.
    ///
    /// # Errors
    /// The program cannot be started, or a signal came before.
    pub(crate) fn start(
        &self,
        command: &mut Command,
        orders: Option<Orders>,
    ) -> io::Result<Running> {
        // A signal waits for the lock, so that it finds the child.
        let mut state = self.lock();
        if state.first.is_some() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let child = command.spawn()?;
        state.child = Some(Child { process: child.id(), orders });
        Ok(Running { child, interrupts: self.clone() })
    }

    /// Runs a child to its end and collects its output.
    ///
    /// # Errors
    /// The program cannot be started, or its output not be read.
    pub(crate) fn output(&self, command: &mut Command) -> io::Result<Output> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = self.start(command, None)?;
        let (mut out, mut errors) = (running.stdout(), running.child.stderr.take());
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        std::thread::scope(|scope| {
            let other = scope.spawn(|| errors.as_mut().map(|pipe| pipe.read_to_end(&mut stderr)));
            out.as_mut().map(|pipe| pipe.read_to_end(&mut stdout)).transpose()?;
            other.join().unwrap_or_default().transpose()
        })?;
        Ok(Output { status: running.wait()?, stdout, stderr })
    }
}

impl Running {
    /// Takes its stdout, if that is a pipe.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// The system cannot wait for it.
    pub(crate) fn wait(mut self) -> io::Result<ExitStatus> {
        let child = Pid::from_child(&self.child);
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        // Until it is reaped its number belongs to it, and until then a signal may be sent.
        let ended = rustix::io::retry_on_intr(|| waitid(WaitId::Pid(child), options));
        let ran = self.interrupts.lock().child.take();
        self.interrupts.0.changed.notify_all();
        ended?;
        let status = self.child.wait()?;
        if !status.success() && ran.is_some_and(|child| child.orders.is_none()) {
            // A signal of the terminal reaches `mtrun` and its child at once: a child that failed may have
            // been faster.
            let is_missing = |state: &mut State| state.first.is_none();
            let state = self.interrupts.lock();
            drop(self.interrupts.0.changed.wait_timeout_while(state, MOMENT, is_missing));
        }
        Ok(status)
    }
}
