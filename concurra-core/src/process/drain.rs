//! Reads both output pipes of a process at once, so that neither fills up.

use std::io::{self, PipeReader, PipeWriter};
use std::mem;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio, read, retry_on_intr};

use super::end::End;

/// The bytes that a pipe holds, unless a program changes that.
const PIPE_ROOM: usize = 64 * 1024;

/// The bytes that a program without privileges can let a pipe hold.
const MOST_PIPE_ROOM: usize = 1024 * 1024;

/// How long the pipes of a command that has ended are quiet before nothing more is expected in them.
const QUIET: Duration = Duration::from_millis(200);

/// How long the pipes of a command that has ended are read, however much comes out of them.
const MOST_AFTER_END: Duration = Duration::from_secs(2);

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

    /// Reads until both pipes end, the bell rings, or the command has ended and nothing more comes:
    /// a process that the command started may hold the pipes for ever. Returns whether one does.
    ///
    /// Calls `on_end` when the command has ended, and does not read beyond the time that it returns.
    pub(super) fn read_all(
        &mut self,
        end: &End,
        on_end: impl FnOnce() -> Option<Instant>,
    ) -> io::Result<bool> {
        let (mut on_end, mut rest) = (Some(on_end), None);
        while self.is_open() {
            let pause = rest.as_ref().map_or_else(|| end.pause(), |rest: &Rest| Some(rest.left()));
            let pause = pause.and_then(|pause| Timespec::try_from(pause).ok());
            let [out, err, bell] = self.polled();
            // An end that has come would wake every poll.
            let ended = end.polled().filter(|_| rest.is_none()).unwrap_or_else(|| bell.clone());
            let mut polled = [out, err, bell, ended];
            retry_on_intr(|| poll(&mut polled, pause.as_ref()))?;
            let [out, err, rung, _] = polled.map(|polled| !polled.revents().is_empty());
            if rung {
                return Ok(false);
            }
            self.read([out, err])?;
            if let Some(rest) = &mut rest {
                if rest.is_over(out || err) {
                    return Ok(self.is_open());
                }
            } else if end.has_come() {
                rest = on_end.take().map(|on_end| Rest::until(on_end()));
            }
        }
        Ok(false)
    }

    fn is_open(&self) -> bool {
        self.streams.iter().any(|stream| stream.is_open)
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

/// How long the pipes of a command are read after its end.
struct Rest {
    most: Instant,
    quiet: Instant,
}

impl Rest {
    /// From now, at most until this time.
    fn until(most: Option<Instant>) -> Self {
        let (now, longest) = (Instant::now(), Instant::now() + MOST_AFTER_END);
        Self { most: most.map_or(longest, |most| most.min(longest)), quiet: now + QUIET }
    }

    fn left(&self) -> Duration {
        self.most.min(self.quiet).saturating_duration_since(Instant::now())
    }

    /// Whether the reading is over, after a poll that `found` something or nothing.
    fn is_over(&mut self, found: bool) -> bool {
        let now = Instant::now();
        if found {
            self.quiet = now + QUIET;
        }
        now >= self.most || now >= self.quiet
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
