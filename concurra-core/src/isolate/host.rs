//! The parent's end of a worker process.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{self, Command};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::error::{Death, HostError, Lost};
use super::messages::{Answer, Done, Question, ToChild, ToParent};
use super::wire::{NoMessage, Wire};
use super::{ARGUMENTS, PARENT, log, program};
use crate::process::{CaptureSpec, Drain, End, Group, Shown, last_words};
use crate::secret::Secrets;

/// A worker process that waits for a task.
#[derive(Debug)]
pub(crate) struct Host {
    group: Arc<Group>,
    wire: Wire,
    /// The tasks that have left threads behind in the process.
    left: Vec<String>,
}

/// How long a process may take until it can take tasks, also on a slow machine.
const GREET_WITHIN: Duration = Duration::from_secs(60);

/// How long a process may take to end after its last message.
const LEAVE_WITHIN: Duration = Duration::from_millis(500);

impl Host {
    /// Starts another instance of this program.
    pub(super) fn start(params: BTreeMap<String, String>) -> Result<Self, HostError> {
        let mut program = program::command()?;
        program.args(ARGUMENTS.get().into_iter().flatten());
        Self::started_by(program, params)
    }

    fn started_by(
        mut command: Command,
        params: BTreeMap<String, String>,
    ) -> Result<Self, HostError> {
        let (ours, theirs) = UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        command.stdin(OwnedFd::from(theirs));
        command.env(PARENT, process::id().to_string());
        let (drain, bell) = Drain::new(&mut command)?;
        let group = Group::spawn(command, Some(bell))?;
        let wire = Wire::new(ours, drain, End::of(Arc::clone(&group)));
        let mut host = Self { group, wire, left: Vec::new() };
        host.greet(params)?;
        Ok(host)
    }

    fn greet(&mut self, params: BTreeMap<String, String>) -> Result<(), HostError> {
        match self.wire.receive(Some(Instant::now() + GREET_WITHIN)) {
            Ok(ToParent::Hello(version)) if version == env!("CARGO_PKG_VERSION") => {}
            Ok(ToParent::Hello(theirs)) => return Err(HostError::Version { theirs }),
            Ok(ToParent::Unable(why)) => return Err(HostError::Unable { why }),
            Ok(_) | Err(NoMessage::Unreadable) => return Err(HostError::Unreadable),
            Err(NoMessage::Silence) => {
                let death = self.end();
                let [stdout, stderr] = self.output().map(|stream| stream.bytes);
                // The table of the run masks secrets when it records the message.
                let output = last_words([&stdout, &stderr], &Secrets::default());
                return Err(match death {
                    Some(death) => HostError::Dead { death, output },
                    None => HostError::Silent { output },
                });
            }
        }
        // The lines that a test harness prints before its test belong to no task.
        drop(self.output());
        self.wire.send(&ToChild::Start { params, log: log::wanted() });
        Ok(())
    }

    /// The process and all that it starts.
    pub(crate) fn group(&self) -> Arc<Group> {
        Arc::clone(&self.group)
    }

    pub(super) fn lives(&self) -> bool {
        !self.wire.end.has_come()
    }

    /// Runs the task with this key; `answer` answers the questions of the task, and `note_param` gets the
    /// names of parameters that it asks for. Keeps its output as `capture` says.
    pub(crate) fn run(
        &mut self,
        key: String,
        name: &str,
        capture: CaptureSpec,
        answer: impl Fn(Question) -> Answer,
        note_param: impl Fn(&str),
    ) -> Result<Done, Lost> {
        self.wire.drain.keep(capture);
        self.wire.send(&ToChild::Run(key));
        loop {
            match self.wire.receive(None) {
                Ok(ToParent::Done(done)) => return Ok(done),
                Ok(ToParent::Ask(question)) => {
                    self.wire.send(&ToChild::Answer(answer(question)));
                }
                Ok(ToParent::Param(name)) => note_param(&name),
                Ok(ToParent::LeftThreads) => self.note_left(name),
                Ok(ToParent::Log { level, target, text }) => log::replay(&level, &target, &text),
                Ok(_) | Err(NoMessage::Unreadable) => {
                    self.group.kill();
                    return Err(Lost::Unreadable);
                }
                Err(NoMessage::Silence) => {
                    let left = self.left.iter().filter(|task| *task != name).cloned().collect();
                    let dead = |death| Lost::Dead { death, left };
                    return Err(self.end().map_or(Lost::Disconnected, dead));
                }
            }
        }
    }

    fn note_left(&mut self, name: &str) {
        if !self.left.iter().any(|task| task == name) {
            self.left.push(name.to_owned());
        }
    }

    /// Ends a process that sends nothing any more. Returns how it died by itself; `None` when it
    /// was alive.
    fn end(&mut self) -> Option<Death> {
        // A process that dies closes its socket a moment before.
        self.wire.end.wait(LEAVE_WITHIN);
        let lives = self.lives();
        // The number is still the group's: only `wait` reaps its leader.
        self.group.kill();
        let death = Death(self.group.wait().ok());
        (!lives).then_some(death)
    }

    /// What the process wrote to standard output and standard error.
    pub(crate) fn output(&mut self) -> [Shown; 2] {
        // A task does not fail because its output cannot be read.
        drop(self.wire.drain.read_rest());
        self.wire.drain.take()
    }

    /// Lets the process end in its own way. When the connection ends before this message, the process
    /// kills itself with all that its tasks started, as this program may have ended.
    pub(super) fn dismiss(&mut self) {
        self.wire.send(&ToChild::Leave);
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.dismiss();
        self.wire.end.wait(LEAVE_WITHIN);
        // Processes that tasks left behind in the group end with it.
        self.group.kill();
        drop(self.group.wait());
    }
}

#[cfg(test)]
mod tests;
