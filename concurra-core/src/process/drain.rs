//! Reading two pipes at once, so that neither fills up. Unaware of what writes to them.

use std::io::{self, PipeReader};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, ioctl_fionbio, ioctl_fionread, read, retry_on_intr};

/// Room for one read: what a pipe holds.
const ROOM: usize = 64 * 1024;

/// Both streams of a command.
#[derive(Debug)]
pub(super) struct Drain {
    streams: [Stream; 2],
    /// Something to read here ends the reading.
    ear: PipeReader,
}

/// The reading end of a pipe, and what came out of it.
#[derive(Debug)]
struct Stream {
    pipe: OwnedFd,
    bytes: Vec<u8>,
    open: bool,
}

impl Drain {
    /// Nothing has been read yet.
    pub(super) fn new(one: impl Into<OwnedFd>, other: impl Into<OwnedFd>, ear: PipeReader) -> Self {
        let stream = |pipe| Stream { pipe, bytes: Vec::new(), open: true };
        Self { streams: [stream(one.into()), stream(other.into())], ear }
    }

    /// Reads until both pipes are at their end, or the bell rings.
    pub(super) fn read_all(&mut self) -> io::Result<()> {
        for stream in &self.streams {
            ioctl_fionbio(&stream.pipe, true)?;
        }
        while self.streams.iter().any(|stream| stream.open) {
            let [one, other, rung] = self.poll()?;
            if rung {
                break;
            }
            for (stream, ready) in self.streams.iter_mut().zip([one, other]) {
                if ready {
                    stream.read()?;
                }
            }
        }
        Ok(())
    }

    /// Waits until there is something to do: for one stream, for the other, for the ear.
    fn poll(&self) -> io::Result<[bool; 3]> {
        let ear = self.ear.as_fd();
        let [one, other] = &self.streams;
        let mut polled = [one.polled(ear), other.polled(ear), PollFd::new(&ear, PollFlags::IN)];
        retry_on_intr(|| poll(&mut polled, None))?;
        Ok(polled.map(|polled| !polled.revents().is_empty()))
    }

    /// Reads what is in the pipes, but not what may follow: a process that nobody can reach might
    /// write for ever.
    pub(super) fn read_rest(&mut self) -> io::Result<()> {
        self.streams.iter_mut().filter(|stream| stream.open).try_for_each(Stream::read_rest)
    }

    /// What was read.
    pub(super) fn into_bytes(self) -> [Vec<u8>; 2] {
        self.streams.map(|mut stream| {
            stream.bytes.shrink_to_fit();
            stream.bytes
        })
    }
}

impl Stream {
    /// Reads once, and how much; it does not wait.
    fn read(&mut self) -> io::Result<usize> {
        self.bytes.reserve(ROOM);
        match retry_on_intr(|| read(&self.pipe, spare_capacity(&mut self.bytes))) {
            Ok(0) => self.open = false,
            Ok(count) => return Ok(count),
            Err(Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(0)
    }

    fn read_rest(&mut self) -> io::Result<()> {
        let mut left = ioctl_fionread(&self.pipe)?;
        while left > 0 {
            match self.read()? {
                0 => break,
                count => left = left.saturating_sub(count as u64),
            }
        }
        Ok(())
    }

    fn polled<'a>(&'a self, ear: BorrowedFd<'a>) -> PollFd<'a> {
        // A pipe at its end is always ready; the ear in its place makes no difference.
        PollFd::from_borrowed_fd(if self.open { self.pipe.as_fd() } else { ear }, PollFlags::IN)
    }
}
