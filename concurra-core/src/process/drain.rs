//! Reads both output pipes of a process at once, so that neither fills up.

use std::io::{self, PipeReader, PipeWriter};
use std::mem;
use std::process::Command;

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, ioctl_fionbio, read, retry_on_intr};

/// The bytes that a pipe holds, unless a program changes that.
const PIPE_ROOM: usize = 64 * 1024;

/// The bytes that a program without privileges can let a pipe hold.
const MOST_PIPE_ROOM: usize = 1024 * 1024;

/// Both output pipes of a process, and their bytes so far.
#[derive(Debug)]
pub(crate) struct Drain {
    streams: [Stream; 2],
    /// Readable once the reading has to end.
    bell: PipeReader,
}

#[derive(Debug)]
struct Stream {
    pipe: PipeReader,
    bytes: Vec<u8>,
    is_open: bool,
}

impl Drain {
    /// Gives the command pipes for its output. Returns the bell too: a byte ends the reading.
    ///
    /// The command holds the writing ends, so the pipes end only after the command is dropped.
    pub(crate) fn new(command: &mut Command) -> io::Result<(Self, PipeWriter)> {
        let (out, stdout) = Stream::new()?;
        let (err, stderr) = Stream::new()?;
        let (bell, ringer) = io::pipe()?;
        command.stdout(stdout).stderr(stderr);
        Ok((Self { streams: [out, err], bell }, ringer))
    }

    /// Reads until both pipes end, or the bell rings.
    pub(super) fn read_all(&mut self) -> io::Result<()> {
        while self.streams.iter().any(|stream| stream.is_open) {
            let mut polled = self.polled();
            retry_on_intr(|| poll(&mut polled, None))?;
            let [out, err, rung] = polled.map(|polled| !polled.revents().is_empty());
            if rung {
                break;
            }
            self.read([out, err])?;
        }
        Ok(())
    }

    /// The descriptors to poll: standard output, standard error, the bell.
    pub(crate) fn polled(&self) -> [PollFd<'_>; 3] {
        let bell = PollFd::new(&self.bell, PollFlags::IN);
        // A pipe at its end would wake every poll, so the bell takes its place.
        let [out, err] = self.streams.each_ref().map(|stream| match stream.is_open {
            true => PollFd::new(&stream.pipe, PollFlags::IN),
            false => bell.clone(),
        });
        [out, err, bell]
    }

    /// Reads once from the pipes that are ready.
    pub(crate) fn read(&mut self, ready: [bool; 2]) -> io::Result<()> {
        let mut ready = self.streams.iter_mut().zip(ready).filter(|(_, ready)| *ready);
        ready.try_for_each(|(stream, _)| stream.read(PIPE_ROOM))
    }

    /// Reads the rest that is in the pipes. More may follow, from a process that left the group.
    pub(crate) fn read_rest(&mut self) -> io::Result<()> {
        self.streams.iter_mut().try_for_each(|stream| stream.read(MOST_PIPE_ROOM))
    }

    /// Takes the bytes of standard output and standard error so far.
    pub(crate) fn take(&mut self) -> [Vec<u8>; 2] {
        self.streams.each_mut().map(|stream| {
            let mut bytes = mem::take(&mut stream.bytes);
            bytes.shrink_to_fit();
            bytes
        })
    }
}

impl Stream {
    /// A new pipe with a non-blocking end to read, and its end to write.
    fn new() -> io::Result<(Self, PipeWriter)> {
        let (pipe, writer) = io::pipe()?;
        ioctl_fionbio(&pipe, true)?;
        Ok((Self { pipe, bytes: Vec::new(), is_open: true }, writer))
    }

    /// Reads once, at least so many bytes if the pipe holds them.
    fn read(&mut self, room: usize) -> io::Result<()> {
        self.bytes.reserve(room);
        match retry_on_intr(|| read(&self.pipe, spare_capacity(&mut self.bytes))) {
            Err(Errno::AGAIN) => {}
            count => self.is_open = count? > 0,
        }
        Ok(())
    }
}
