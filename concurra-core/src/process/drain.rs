//! Reading both streams of a command at once, so that neither fills up.

use std::io::{self, PipeReader, PipeWriter};
use std::process::Command;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;

use super::stream::Stream;

/// Both streams of a command.
#[derive(Debug)]
pub(crate) struct Drain {
    streams: [Stream; 2],
    /// Something to read here ends the reading.
    ear: PipeReader,
}

impl Drain {
    /// Gives a command the streams that are read here; makes the bell that ends the reading. They
    /// come to their end only once the command is dropped, as it holds them too.
    pub(crate) fn new(command: &mut Command) -> io::Result<(Self, PipeWriter)> {
        let (out, stdout) = Stream::new()?;
        let (err, stderr) = Stream::new()?;
        let (ear, bell) = io::pipe()?;
        command.stdout(stdout).stderr(stderr);
        Ok((Self { streams: [out, err], ear }, bell))
    }

    /// Reads until both pipes are at their end, or the bell rings.
    pub(super) fn read_all(&mut self) -> io::Result<()> {
        while self.streams.iter().any(Stream::is_open) {
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

    /// What to wait for: standard output, standard error, the bell.
    pub(crate) fn polled(&self) -> [PollFd<'_>; 3] {
        let ear = PollFd::new(&self.ear, PollFlags::IN);
        // In place of a stream at its end, the ear makes no difference.
        let [out, err] = self.streams.each_ref().map(Stream::polled);
        [out.unwrap_or_else(|| ear.clone()), err.unwrap_or_else(|| ear.clone()), ear]
    }

    /// Reads once from the streams that are ready.
    pub(crate) fn read(&mut self, ready: [bool; 2]) -> io::Result<()> {
        let ready = self.streams.iter_mut().zip(ready).filter(|(_, ready)| *ready);
        ready.map(|(stream, _)| stream).try_for_each(|stream| stream.read().map(drop))
    }

    /// Reads what is in the pipes, but not what may follow.
    pub(crate) fn read_rest(&mut self) -> io::Result<()> {
        self.streams.iter_mut().filter(|stream| stream.is_open()).try_for_each(Stream::read_rest)
    }

    /// What was read so far from standard output and standard error.
    pub(crate) fn take(&mut self) -> [Vec<u8>; 2] {
        self.streams.each_mut().map(Stream::take)
    }
}
