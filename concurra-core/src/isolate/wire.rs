//! What connects a worker process with its parent, seen from there. Unaware of what lines say.

use std::io::{self, ErrorKind, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use serde_json::Value as Json;

use super::lines::Lines;
use crate::process::{Drain, End, read_once};

/// The parent's end of all that comes from a worker process and leads to it.
#[derive(Debug)]
pub(super) struct Wire {
    socket: UnixStream,
    lines: Lines,
    pub(super) drain: Drain,
    pub(super) end: End,
}

/// Why no line is heard.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unheard {
    /// The process is dead, or has said nothing for too long.
    Silence,
    /// It has said something else.
    Nonsense,
}

impl Wire {
    /// Over a socket that does not wait.
    pub(super) fn new(socket: UnixStream, drain: Drain, end: End) -> Self {
        Self { socket, lines: Lines::default(), drain, end }
    }

    /// Says a line. When nobody can hear it, [`hear`](Self::hear) tells so, after all that was said
    /// before.
    pub(super) fn say(&mut self, line: &Json) {
        if self.send(format!("{line}\n").as_bytes()).is_err() {
            self.hang_up();
        }
    }

    fn send(&mut self, mut rest: &[u8]) -> io::Result<()> {
        while !rest.is_empty() {
            match (&self.socket).write(rest) {
                Ok(count) => rest = &rest[count..],
                // A process that reads nothing may be killed meanwhile, or write what fills a pipe.
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

    /// Waits for a line.
    pub(super) fn hear(&mut self) -> Result<Json, Unheard> {
        self.hear_until(None)
    }

    /// Waits for a line, but not for ever.
    pub(super) fn hear_within(&mut self, most: Duration) -> Result<Json, Unheard> {
        self.hear_until(Some(Instant::now() + most))
    }

    fn hear_until(&mut self, until: Option<Instant>) -> Result<Json, Unheard> {
        loop {
            if let Some(line) = self.lines.next() {
                return line.map_err(|_| Unheard::Nonsense);
            }
            let is_over = self.wait(PollFlags::IN, until).map_err(|_| Unheard::Silence)?;
            // What was said before the end counts, so the socket is read after that question.
            match read_once(&self.socket, &mut self.lines.bytes) {
                Ok(Some(1..)) => {}
                Ok(None) if !is_over => {}
                // At its end, or reset, as a process leaves it that died in the middle.
                _ => return Err(Unheard::Silence),
            }
        }
    }

    /// Waits until the socket is ready, and reads what the process writes meanwhile; tells whether
    /// it was killed, or ended while somebody else holds the socket, or took too long.
    fn wait(&mut self, flags: PollFlags, until: Option<Instant>) -> io::Result<bool> {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let pause = left.and_then(|left| Timespec::try_from(left).ok());
        let [out, err, ear] = self.drain.polled();
        let end = self.end.polled().unwrap_or_else(|| ear.clone());
        let mut polled = [PollFd::new(&self.socket, flags), out, err, ear, end];
        retry_on_intr(|| poll(&mut polled, self.end.patience().or(pause.as_ref())))?;
        let [socket, out, err, rung, _] = polled.map(|polled| !polled.revents().is_empty());
        self.drain.read([out, err])?;
        let is_late = left.is_some_and(|left| left.is_zero());
        Ok(rung || (!socket && (is_late || self.end.has_come())))
    }

    /// Says that there is nothing more to say.
    pub(super) fn hang_up(&self) {
        // A process that is dead needs no telling.
        drop(self.socket.shutdown(Shutdown::Both));
    }
}

#[cfg(test)]
mod tests;
