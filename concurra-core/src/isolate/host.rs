//! The parent's end of a worker process: its life from the start to the grave.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{self, Child, Command};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::death::{Death, Lost};
use super::error::HostError;
use super::lines::message;
use super::wire::{Unheard, Wire};
use super::{ARGUMENTS, PARENT, log, program};
use crate::process::{Drain, End, Group, last_words};
use crate::secret::Secrets;

/// A worker process that waits for a task.
#[derive(Debug)]
pub(crate) struct Host {
    child: Child,
    group: Arc<Group>,
    wire: Wire,
}

/// How long a process may take until it can take tasks, on whatever machine.
const GREET_WITHIN: Duration = Duration::from_secs(60);

/// How long a process that has nothing to do may take to end.
const LEAVE_WITHIN: Duration = Duration::from_millis(500);

impl Host {
    /// Starts another instance of this program.
    pub(super) fn start(params: &Json) -> Result<Self, HostError> {
        let mut program = program::command()?;
        program.args(ARGUMENTS.get().into_iter().flatten());
        Self::started_by(program, params)
    }

    fn started_by(mut command: Command, params: &Json) -> Result<Self, HostError> {
        let (ours, theirs) = UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        command.stdin(OwnedFd::from(theirs));
        command.env(PARENT, process::id().to_string());
        let (drain, bell) = Drain::new(&mut command)?;
        let (child, group) = Group::spawn(command, Some(bell))?;
        let wire = Wire::new(ours, drain, End::of(Arc::clone(&group)));
        let mut host = Self { child, group, wire };
        host.greet(params)?;
        Ok(host)
    }

    fn greet(&mut self, params: &Json) -> Result<(), HostError> {
        let hello = match self.wire.hear_within(GREET_WITHIN) {
            Ok(hello) => hello,
            Err(Unheard::Silence) => return Err(self.silence()),
            Err(Unheard::Nonsense) => return Err(HostError::Nonsense),
        };
        if let Some(why) = hello["unable"].as_str() {
            return Err(HostError::Unable { why: why.to_owned() });
        }
        let theirs = hello["hello"].as_str().unwrap_or_default();
        if theirs != env!("CARGO_PKG_VERSION") {
            return Err(HostError::Version { theirs: theirs.to_owned() });
        }
        // What a test harness says before it comes to its test is nobody's output.
        drop(self.output());
        self.wire.say(&message("start", json!({"params": params, "log": log::wanted()})));
        Ok(())
    }

    /// Ends a process that has not answered and tells why that is.
    fn silence(&mut self) -> HostError {
        let lives = self.outlives_its_word();
        let death = self.bury();
        let [stdout, stderr] = self.output();
        // Whoever notes this masks secrets.
        let said = last_words([&stdout, &stderr], &Secrets::default());
        if lives { HostError::Silent { said } } else { HostError::Dead { death, said } }
    }

    /// The process with all that it started.
    pub(crate) fn group(&self) -> Arc<Group> {
        Arc::clone(&self.group)
    }

    pub(super) fn lives(&self) -> bool {
        !self.wire.end.has_come()
    }

    /// Runs one task and gives back what it came to. `answer` answers what the task asks for.
    pub(crate) fn run(
        &mut self,
        key: &str,
        mut answer: impl FnMut(&str, &str) -> Json,
    ) -> Result<Json, Lost> {
        self.wire.say(&message("run", key));
        loop {
            let mut line = match self.wire.hear() {
                Ok(line) => line,
                Err(Unheard::Silence) => return Err(self.lose()),
                Err(Unheard::Nonsense) => {
                    self.bury();
                    return Err(Lost::Nonsense);
                }
            };
            if let Some(done) = line.get_mut("done") {
                return Ok(done.take());
            }
            if let Some(record) = line.get("log") {
                log::tell(record);
                continue;
            }
            let ask = &line["ask"];
            let texts = ask[0].as_str().zip(ask[1].as_str());
            let answered = texts.map_or(Json::Null, |(what, name)| answer(what, name));
            self.wire.say(&message("answer", answered));
        }
    }

    /// Ends a process that is not heard any more and tells what has become of it.
    fn lose(&mut self) -> Lost {
        let lives = self.outlives_its_word();
        let death = self.bury();
        if lives { Lost::Deaf } else { Lost::Dead(death) }
    }

    /// Whether a process goes on that is not heard any more: one that dies closes its end of the
    /// socket a moment before.
    fn outlives_its_word(&self) -> bool {
        self.wire.end.wait(LEAVE_WITHIN);
        self.lives()
    }

    /// What the task wrote to standard output and standard error.
    pub(crate) fn output(&mut self) -> [Vec<u8>; 2] {
        // What cannot be read is no reason for a task to fail.
        drop(self.wire.drain.read_rest());
        self.wire.drain.take()
    }

    /// Ends what is left of a dead process and tells how it died.
    fn bury(&mut self) -> Death {
        // The number of a dead leader is its group's until it is reaped; its own end stays its own.
        self.group.kill();
        Death(self.group.wait(&mut self.child).ok())
    }

    /// Tells the process that there is nothing more to do.
    pub(super) fn dismiss(&self) {
        self.wire.hang_up();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.dismiss();
        self.wire.end.wait(LEAVE_WITHIN);
        // What tasks left behind in its group ends with it.
        self.group.close();
        drop(self.group.wait(&mut self.child));
    }
}

#[cfg(test)]
mod tests;
