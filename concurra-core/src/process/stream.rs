//! A pipe that is read without waiting. Unaware of what writes to it.

use std::io::{self, PipeReader, PipeWriter};
use std::mem;
use std::os::fd::AsFd;

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags};
use rustix::io::{Errno, ioctl_fionbio, ioctl_fionread, read, retry_on_intr};

/// Room for one read: what a pipe holds.
const ROOM: usize = 64 * 1024;

/// The reading end of a pipe, and what came out of it.
#[derive(Debug)]
pub(super) struct Stream {
    pipe: PipeReader,
    bytes: Vec<u8>,
    open: bool,
}

impl Stream {
    /// A new pipe, and its writing end.
    pub(super) fn new() -> io::Result<(Self, PipeWriter)> {
        let (pipe, writer) = io::pipe()?;
        ioctl_fionbio(&pipe, true)?;
        Ok((Self { pipe, bytes: Vec::new(), open: true }, writer))
    }

    /// Whether there may be more to read.
    pub(super) const fn is_open(&self) -> bool {
        self.open
    }

    /// What tells that there is something to read; `None` at the end, which would always be ready.
    pub(super) fn polled(&self) -> Option<PollFd<'_>> {
        self.open.then(|| PollFd::new(&self.pipe, PollFlags::IN))
    }

    /// Reads once, and how much.
    pub(super) fn read(&mut self) -> io::Result<usize> {
        let count = read_once(&self.pipe, &mut self.bytes)?;
        self.open = count != Some(0);
        Ok(count.unwrap_or(0))
    }

    /// Reads what is in the pipe, but not what may follow: a process that nobody can reach might
    /// write for ever.
    pub(super) fn read_rest(&mut self) -> io::Result<()> {
        let mut left = ioctl_fionread(&self.pipe)?;
        while left > 0 {
            match self.read()? {
                0 => break,
                count => left = left.saturating_sub(count as u64),
            }
        }
        Ok(())
    }

    /// What was read so far.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let mut bytes = mem::take(&mut self.bytes);
        bytes.shrink_to_fit();
        bytes
    }
}

/// Reads once from what does not wait, and how much; `None` when there is nothing yet.
pub(crate) fn read_once(from: impl AsFd, bytes: &mut Vec<u8>) -> io::Result<Option<usize>> {
    bytes.reserve(ROOM);
    match retry_on_intr(|| read(&from, spare_capacity(bytes))) {
        Err(Errno::AGAIN) => Ok(None),
        count => Ok(Some(count?)),
    }
}
