//! The parent's end of a worker process: its life from the start to the grave.

use std::env;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{self, Child, Command};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use thiserror::Error;

use super::death::Death;
use super::lines::message;
use super::wire::Wire;
use super::{ARGUMENTS, PARENT, log};
use crate::process::{Drain, End, Group};

/// A worker process that waits for a task.
#[derive(Debug)]
pub(crate) struct Host {
    child: Child,
    group: Arc<Group>,
    wire: Wire,
}

/// Why there is no worker process.
#[derive(Debug, Error)]
pub(crate) enum HostError {
    #[error("no worker process could be started: {0}")]
    Start(#[from] io::Error),
    #[error(
        "the worker process did not answer; when the program has a `main` of its own, that has to \
         begin with `concurra::worker_process()`"
    )]
    Silent,
    #[error("the worker process is that of version {theirs}, this program of {ours}", ours = env!("CARGO_PKG_VERSION"))]
    Version { theirs: String },
}

/// How long a process that has nothing to do may take to end.
const LEAVE_WITHIN: Duration = Duration::from_millis(500);

impl Host {
    pub(super) fn start(params: &Json) -> Result<Self, HostError> {
        let (ours, theirs) = UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let mut command = Command::new(env::current_exe()?);
        command.args(ARGUMENTS.get().into_iter().flatten()).stdin(OwnedFd::from(theirs));
        command.env(PARENT, process::id().to_string()).process_group(0);
        let (drain, bell) = Drain::new(&mut command)?;
        let child = command.spawn()?;
        // The command holds the child's ends, and the socket's end is what tells of its death.
        drop(command);
        let group = Arc::new(Group::new(&child, Some(bell)));
        let wire = Wire::new(ours, drain, End::of(Arc::clone(&group)));
        let mut host = Self { child, group, wire };
        host.greet(params)?;
        Ok(host)
    }

    fn greet(&mut self, params: &Json) -> Result<(), HostError> {
        let hello = self.wire.hear().ok_or(HostError::Silent)?;
        let theirs = hello["hello"].as_str().unwrap_or_default();
        if theirs != env!("CARGO_PKG_VERSION") {
            return Err(HostError::Version { theirs: theirs.to_owned() });
        }
        // What a test harness says before it comes to its test is nobody's output.
        drop(self.output());
        self.wire.say(&message("start", json!({"params": params, "log": log::wanted()})));
        Ok(())
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
    ) -> Result<Json, Death> {
        self.wire.say(&message("run", key));
        while let Some(mut line) = self.wire.hear() {
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
        Err(self.bury())
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
        self.group.kill();
        drop(self.group.wait(&mut self.child));
    }
}
