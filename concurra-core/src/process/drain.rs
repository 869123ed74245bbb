//! Reads both output pipes of a process at once, so that neither fills up.

use std::io::{self, PipeReader, PipeWriter};
use std::mem;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio, read, retry_on_intr};

use super::capture::{CaptureSpec, Kept, Shown};
use super::end::End;

/// The bytes that a pipe holds, unless a program changes that.
const PIPE_ROOM: usize = 64 * 1024;

/// How often a pipe is read at its end: a program without privileges can let it hold a megabyte.
const MOST_READS: usize = 16;

/// How long the pipes of a command that has ended are quiet before nothing more is expected in them.
const QUIET: Duration = Duration::from_millis(200);

/// How long the pipes of a command that has ended are read, however much comes out of them.
const MOST_AFTER_END: Duration = Duration::from_secs(2);

/// Both output pipes of a process, and what is kept of them so far.
#[derive(Debug)]
pub(crate) struct Drain {
    streams: [Stream; 2],
    /// Readable once the reading has to end.
    bell: PipeReader,
    /// The bytes of one read.
    piece: Vec<u8>,
}

#[derive(Debug)]
struct Stream {
    pipe: PipeReader,
    kept: Kept,
    is_open: bool,
}

impl Drain {
    /// Gives the command pipes for its output. Returns the bell too: a byte ends the reading.
    ///
    /// The command holds the writing ends, so the pipes end only after the command is dropped.
    pub(crate) fn new(command: &mut Command) -> io::Result<(Self, PipeWriter)> {
        let (out, stdout) = Stream::new("stdout")?;
        let (err, stderr) = Stream::new("stderr")?;
        let (bell, ringer) = io::pipe()?;
        command.stdout(stdout).stderr(stderr);
        Ok((Self { streams: [out, err], bell, piece: Vec::with_capacity(PIPE_ROOM) }, ringer))
    }

    /// Sets what is kept from now on, and forgets what was kept before.
    pub(crate) fn keep(&mut self, spec: CaptureSpec) {
        let spec = Arc::new(spec);
        for stream in &mut self.streams {
            stream.kept = Kept::new(&spec, stream.kept.name);
        }
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
        for (stream, _) in self.streams.iter_mut().zip(ready).filter(|(_, ready)| *ready) {
            stream.read(&mut self.piece)?;
        }
        Ok(())
    }

    /// Reads the rest that is in the pipes. More may follow, from a process that goes on.
    pub(crate) fn read_rest(&mut self) -> io::Result<()> {
        for stream in &mut self.streams {
            for _ in 0..MOST_READS {
                if !stream.read(&mut self.piece)? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Takes what was kept of standard output and standard error so far. Nothing is set to be kept in
    /// a file from now on.
    pub(crate) fn take(&mut self) -> [Shown; 2] {
        let spec = Arc::default();
        self.streams.each_mut().map(|stream| {
            let next = Kept::new(&spec, stream.kept.name);
            mem::replace(&mut stream.kept, next).finish()
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
    fn new(name: &'static str) -> io::Result<(Self, PipeWriter)> {
        let (pipe, writer) = io::pipe()?;
        ioctl_fionbio(&pipe, true)?;
        Ok((Self { pipe, kept: Kept::new(&Arc::default(), name), is_open: true }, writer))
    }

    /// Reads once; `false` when nothing is there, or when the pipe has ended.
    fn read(&mut self, piece: &mut Vec<u8>) -> io::Result<bool> {
        piece.clear();
        match retry_on_intr(|| read(&self.pipe, spare_capacity(piece))) {
            Err(Errno::AGAIN) => return Ok(false),
            count => self.is_open = count? > 0,
        }
        self.kept.push(piece);
        Ok(self.is_open)
    }
}
