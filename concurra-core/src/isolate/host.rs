//! The parent's end of a worker process.

use std::env;
use std::io::{self, PipeReader, Read};
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{self, Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{ioctl_fionbio, retry_on_intr};
use serde_json::{Value as Json, json};
use thiserror::Error;

use super::death::Death;
use super::lines::{Lines, message, send};
use super::{ARGUMENTS, PARENT, log};
use crate::process::Group;

/// A worker process that waits for a task.
#[derive(Debug)]
pub(crate) struct Host {
    child: Child,
    group: Arc<Group>,
    socket: UnixStream,
    lines: Lines,
    streams: [Stream; 2],
    /// Something to read here ends the waiting: the process was killed.
    ear: PipeReader,
}

/// What a worker process writes, as far as it was read.
#[derive(Debug)]
struct Stream {
    pipe: OwnedFd,
    bytes: Vec<u8>,
    open: bool,
}

/// The worker processes of a run that wait for a task; at most one for each worker.
#[derive(Debug, Default)]
pub(crate) struct Hosts(Mutex<Vec<Host>>);

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

/// How often a process is looked at that may have died without closing its socket.
const LOOK_AGAIN: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

impl Hosts {
    /// A process that waits, or a new one.
    pub(crate) fn take(&self, params: &Json) -> Result<Host, HostError> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        waiting.map_or_else(|| Host::start(params), Ok)
    }

    /// Keeps a process for the next task.
    pub(crate) fn give_back(&self, host: Host) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(host);
    }
}

impl Host {
    fn start(params: &Json) -> Result<Self, HostError> {
        let (ours, theirs) = UnixStream::pair()?;
        let (ear, bell) = io::pipe()?;
        let mut command = Command::new(env::current_exe()?);
        command.args(ARGUMENTS.get().into_iter().flatten());
        command.env(PARENT, process::id().to_string()).process_group(0);
        command.stdin(OwnedFd::from(theirs)).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        // The command holds the child's end, and the socket's end is what tells of its death.
        drop(command);
        let streams = [
            Stream::new(child.stdout.take().expect("it is piped").into())?,
            Stream::new(child.stderr.take().expect("it is piped").into())?,
        ];
        ours.set_nonblocking(true)?;
        let group = Arc::new(Group::new(&child, Some(bell)));
        let lines = Lines::default();
        let mut host = Self { child, group, socket: ours, lines, streams, ear };
        host.greet(params)?;
        Ok(host)
    }

    fn greet(&mut self, params: &Json) -> Result<(), HostError> {
        let Ok(Some(hello)) = self.next_line() else { return Err(HostError::Silent) };
        let theirs = hello["hello"].as_str().unwrap_or_default();
        if theirs != env!("CARGO_PKG_VERSION") {
            return Err(HostError::Version { theirs: theirs.to_owned() });
        }
        // What a test harness says before it comes to its test is nobody's output.
        self.streams.iter_mut().for_each(|stream| stream.bytes.clear());
        send(
            &mut &self.socket,
            &message("start", json!({"params": params, "log": log::wanted()})),
        )?;
        Ok(())
    }

    /// The process with all that it started.
    pub(crate) fn group(&self) -> Arc<Group> {
        Arc::clone(&self.group)
    }

    /// Runs one task and gives back what it came to. `answer` answers what the task asks for.
    pub(crate) fn run(
        &mut self,
        key: &str,
        mut answer: impl FnMut(&str, &str) -> Json,
    ) -> Result<Json, Death> {
        self.streams.iter_mut().for_each(|stream| stream.bytes.clear());
        if self.send(&message("run", key)).is_err() {
            return Err(self.bury());
        }
        while let Ok(Some(line)) = self.next_line() {
            if let Some(done) = line.get("done") {
                self.streams.iter_mut().for_each(Stream::read_rest);
                return Ok(done.clone());
            }
            if let Some(record) = line.get("log") {
                log::tell(record);
                continue;
            }
            let ask = &line["ask"];
            let texts = ask[0].as_str().zip(ask[1].as_str());
            let answered = texts.map_or(Json::Null, |(what, name)| answer(what, name));
            if self.send(&message("answer", answered)).is_err() {
                break;
            }
        }
        Err(self.bury())
    }

    /// Tells the process that there is nothing more to do.
    fn dismiss(&self) {
        // One that is dead needs no telling.
        drop(self.socket.shutdown(Shutdown::Both));
    }

    /// What the task wrote to standard output and standard error.
    pub(crate) fn output(&mut self) -> [Vec<u8>; 2] {
        self.streams.each_mut().map(|stream| std::mem::take(&mut stream.bytes))
    }

    /// Sends a line whole although the socket does not wait.
    fn send(&mut self, line: &Json) -> io::Result<()> {
        self.socket.set_nonblocking(false)?;
        let sent = send(&mut &self.socket, line);
        self.socket.set_nonblocking(true)?;
        sent
    }

    /// Waits for a line, and reads what the process writes meanwhile; `None` when it is dead.
    fn next_line(&mut self) -> io::Result<Option<Json>> {
        loop {
            if let Some(line) = self.lines.next() {
                return line.map(Some);
            }
            let [socket, out, err, killed] = self.poll()?;
            for (stream, ready) in self.streams.iter_mut().zip([out, err]) {
                if ready {
                    stream.read();
                }
            }
            if killed || (socket && !self.read_socket()?) || (!socket && self.group.has_ended()) {
                return Ok(None);
            }
        }
    }

    /// Reads from the socket; `false` at its end.
    fn read_socket(&mut self) -> io::Result<bool> {
        let mut room = [0; 16 * 1024];
        match (&self.socket).read(&mut room) {
            Ok(0) => Ok(false),
            Ok(count) => {
                self.lines.bytes.extend_from_slice(&room[..count]);
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
            // A process that died in the middle resets the connection.
            Err(_) => Ok(false),
        }
    }

    fn poll(&self) -> io::Result<[bool; 4]> {
        let (ear, socket) = (self.ear.as_fd(), self.socket.as_fd());
        let [out, err] = &self.streams;
        let open = |stream: &'_ Stream| stream.open;
        let polled = |fd| PollFd::from_borrowed_fd(fd, PollFlags::IN);
        let mut all = [
            polled(socket),
            polled(if open(out) { out.pipe.as_fd() } else { ear }),
            polled(if open(err) { err.pipe.as_fd() } else { ear }),
            polled(ear),
        ];
        retry_on_intr(|| poll(&mut all, Some(&LOOK_AGAIN)))?;
        Ok(all.map(|fd| !fd.revents().is_empty()))
    }

    /// Ends what is left of a dead process and tells how it died.
    fn bury(&mut self) -> Death {
        // The number of a dead leader is its group's until it is reaped; its own end stays its own.
        self.group.kill();
        let status = self.group.wait(&mut self.child).ok();
        self.streams.iter_mut().for_each(Stream::read_rest);
        Death(status)
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        let hosts = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        // All of them end at once instead of one after the other.
        hosts.iter().for_each(Host::dismiss);
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.dismiss();
        let patience = Instant::now() + LEAVE_WITHIN;
        let mut pause = Duration::from_micros(100);
        while !self.group.has_ended() && Instant::now() < patience {
            thread::sleep(pause);
            pause *= 2;
        }
        // What tasks left behind in its group ends with it.
        self.group.kill();
        drop(self.group.wait(&mut self.child));
    }
}

impl Stream {
    fn new(pipe: OwnedFd) -> io::Result<Self> {
        ioctl_fionbio(&pipe, true)?;
        Ok(Self { pipe, bytes: Vec::new(), open: true })
    }

    /// Reads once, without waiting; tells whether there was something.
    fn read(&mut self) -> bool {
        let mut room = [0; 64 * 1024];
        match retry_on_intr(|| rustix::io::read(&self.pipe, &mut room)) {
            Ok(0) => {
                self.open = false;
                false
            }
            Ok(count) => {
                self.bytes.extend_from_slice(&room[..count]);
                true
            }
            Err(_) => false,
        }
    }

    /// Reads what is there, but not for ever.
    fn read_rest(&mut self) {
        const MOST: usize = 64;
        (0..MOST).any(|_| !self.read());
    }
}
