//! The parent's connection with a worker process. Unaware of what messages mean.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::mem;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::messages;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::process::{Drain, End};

/// The socket, the output pipes and the end of a worker process.
#[derive(Debug)]
pub(super) struct Wire {
    socket: BufReader<UnixStream>,
    /// The beginning of a message.
    line: Vec<u8>,
    pub(super) drain: Drain,
    pub(super) end: End,
}

/// Why no message was received.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoMessage {
    /// The process is dead, has closed its socket, or sent nothing in time.
    Silence,
    /// The process sent something else.
    Unreadable,
}

impl Wire {
    /// Over a non-blocking socket.
    pub(super) fn new(socket: UnixStream, drain: Drain, end: End) -> Self {
        let socket = BufReader::with_capacity(64 * 1024, socket);
        Self { socket, line: Vec::new(), drain, end }
    }

    /// Sends a message. When the process cannot receive it, the next [`receive`](Self::receive)
    /// reports that, after all messages that the process sent before.
    pub(super) fn send(&mut self, message: &impl Serialize) {
        let line = serde_json::to_string(message).map_err(io::Error::from);
        if line.and_then(|line| self.write((line + "\n").as_bytes())).is_err() {
            self.hang_up();
        }
    }

    fn write(&mut self, mut rest: &[u8]) -> io::Result<()> {
        while !rest.is_empty() {
            match self.socket.get_mut().write(rest) {
                Ok(count) => rest = &rest[count..],
                // A process that does not read may be killed meanwhile, or fill its output pipes.
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if self.wait(PollFlags::OUT, None)? {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits for a message, until this time if there is one.
    pub(super) fn receive<M: DeserializeOwned>(
        &mut self,
        until: Option<Instant>,
    ) -> Result<M, NoMessage> {
        let mut is_over = false;
        loop {
            match self.socket.read_until(b'\n', &mut self.line) {
                Ok(_) if self.line.ends_with(b"\n") => {
                    let line = mem::take(&mut self.line);
                    return messages::read(&line).map_err(|_| NoMessage::Unreadable);
                }
                // After the end, one more read finds the messages from before it.
                Err(error) if error.kind() == ErrorKind::WouldBlock && !is_over => {
                    is_over = self.wait(PollFlags::IN, until).map_err(|_| NoMessage::Silence)?;
                }
                // The end of the socket; an error when the process died in the middle.
                _ => return Err(NoMessage::Silence),
            }
        }
    }

    /// Waits until the socket is ready, and reads the process's output meanwhile. Returns whether
    /// waiting is over: the process was killed, took too long, or ended while another process
    /// holds the socket.
    fn wait(&mut self, flags: PollFlags, until: Option<Instant>) -> io::Result<bool> {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let pause = [left, self.end.pause()].into_iter().flatten().min();
        let pause = pause.and_then(|pause| Timespec::try_from(pause).ok());
        let [out, err, bell] = self.drain.polled();
        let end = self.end.polled().unwrap_or_else(|| bell.clone());
        let mut polled = [PollFd::new(self.socket.get_ref(), flags), out, err, bell, end];
        retry_on_intr(|| poll(&mut polled, pause.as_ref()))?;
        let [socket, out, err, killed, _] = polled.map(|polled| !polled.revents().is_empty());
        self.drain.read([out, err])?;
        let is_late = left.is_some_and(|left: Duration| left.is_zero());
        Ok(killed || (!socket && (is_late || self.end.has_come())))
    }

    /// Closes the connection, which ends the process.
    fn hang_up(&self) {
        // An error means that the process has closed it already.
        drop(self.socket.get_ref().shutdown(Shutdown::Both));
    }
}

#[cfg(test)]
mod tests;
