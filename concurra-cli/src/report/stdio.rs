//! The streams of this process, which it shares with the tasks on its threads.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::io::{Errno, fcntl_dupfd_cloexec};
use rustix::stdio;

/// The most bytes that the system writes to a pipe as one piece, between those of other processes.
const PIECE: usize = 4096;

/// A stream of this process.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stdio {
    Stdout,
    Stderr,
    /// Standard output in a test: libtest captures what `print!` prints, and only that.
    Captured,
    /// Standard output, kept for data alone: what tasks print goes to standard error.
    Data(&'static File),
}

impl Stdio {
    /// Keeps standard output for data: from now on everything else that this process and its children
    /// print there goes to standard error.
    pub(crate) fn for_data() -> io::Result<Self> {
        static STDOUT: OnceLock<File> = OnceLock::new();
        if STDOUT.get().is_none() {
            io::stdout().flush()?;
            // Children must not inherit it.
            let kept = fcntl_dupfd_cloexec(stdio::stdout(), 3)?;
            stdio::dup2_stdout(stdio::stderr())?;
            let _ = STDOUT.set(kept.into());
        }
        Ok(STDOUT.get().map_or(Self::Stdout, Self::Data))
    }
}

impl Write for Stdio {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout => write_lines(bytes)?,
            Self::Stderr => pieces(bytes).try_for_each(|piece| io::stderr().write_all(piece))?,
            Self::Captured => print!("{}", String::from_utf8_lossy(bytes)),
            Self::Data(stdout) => stdout.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes past the buffer of `print!`. What a task printed without a line break stays there until the
/// break comes, so a line of ours starts on a line of its own.
fn write_lines(bytes: &[u8]) -> io::Result<()> {
    // A `print!` of several lines is not torn.
    let lock = io::stdout().lock();
    let file = OutputFile::get();
    pieces(bytes).try_for_each(|piece| {
        if file.is_some_and(OutputFile::has_open_line) {
            write_past(&lock, b"\n")?;
        }
        write_past(&lock, piece)?;
        file.into_iter().for_each(OutputFile::note_end);
        Ok(())
    })
}

/// Pieces that end with a line, and that the system keeps whole. A line that is too long is one piece.
fn pieces(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let most = bytes.len().min(PIECE);
        let is_end = |byte: &u8| *byte == b'\n';
        let end = bytes[..most].iter().rposition(is_end);
        let end = end.or_else(|| bytes.iter().position(is_end)).map_or(bytes.len(), |end| end + 1);
        let (piece, rest) = bytes.split_at(if bytes.len() == most { most } else { end });
        bytes = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Writes past the buffer of a stream.
fn write_past(stream: &impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(stream, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Standard output, where it is a file. Its last byte tells whether a task, a child process or C code
/// left a line open.
struct OutputFile {
    writer: File,
    reader: File,
    /// Where the last write of this process's own lines ended.
    end: AtomicU64,
}

impl OutputFile {
    fn get() -> Option<&'static Self> {
        static FILE: OnceLock<Option<OutputFile>> = OnceLock::new();
        let open = || {
            let writer = File::from(io::stdout().as_fd().try_clone_to_owned().ok()?);
            let reader = File::open("/dev/fd/1").ok()?;
            let is_file = writer.metadata().ok()?.is_file();
            is_file.then(|| Self { writer, reader, end: AtomicU64::new(0) })
        };
        FILE.get_or_init(open).as_ref()
    }

    fn position(&self) -> Option<u64> {
        (&self.writer).stream_position().ok()
    }

    /// Whether something else than lines of ours was written since, without a line break at its end.
    fn has_open_line(&self) -> bool {
        let Some(end) = self.position().filter(|end| *end != self.end.load(Ordering::Relaxed))
        else {
            return false;
        };
        let mut last = [b'\n'];
        let read = self.reader.read_at(&mut last, end.saturating_sub(1));
        read.is_ok() && last != [b'\n']
    }

    fn note_end(&self) {
        self.end.store(self.position().unwrap_or_default(), Ordering::Relaxed);
    }
}

/// Writes out what tasks printed without a line break, and ends that line. Without a count of this
/// thread's writes it does nothing: then the text comes at the end of the process.
pub(crate) fn end_open_line() {
    let mut lock = io::stdout().lock();
    let Some(before) = writes() else { return };
    // The reader of standard output may have left, which is reported where it matters.
    let flushed = lock.flush();
    if flushed.is_ok() && writes() != Some(before) {
        let _ = write_past(&lock, b"\n");
    }
}

/// How often this thread has written anything. Only Linux counts that.
fn writes() -> Option<u64> {
    let counts = std::fs::read_to_string("/proc/thread-self/io").ok()?;
    counts.lines().find_map(|line| line.strip_prefix("syscw: "))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_ends_with_a_line_and_fits_in_a_pipe() {
        let lines = |length: usize, count| ("x".repeat(length - 1) + "\n").repeat(count);
        let long = lines(2 * PIECE, 1);
        let cases = [
            (lines(100, 3), vec![300]),
            (lines(1000, 9), vec![4000, 4000, 1000]),
            (lines(PIECE, 2), vec![PIECE, PIECE]),
            (lines(10, 1) + &long + &lines(10, 2), vec![10, 2 * PIECE, 20]),
            (long + "open", vec![2 * PIECE, 4]),
            (String::new(), vec![]),
        ];
        for (text, lengths) in cases {
            let pieces = pieces(text.as_bytes()).collect::<Vec<_>>();
            assert_eq!(pieces.iter().map(|piece| piece.len()).collect::<Vec<_>>(), lengths);
            assert_eq!(pieces.concat(), text.as_bytes());
        }
    }
}
