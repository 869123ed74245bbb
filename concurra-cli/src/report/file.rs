//! A file that a report goes to.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Sink;

/// Larger than most reports, which are then written by one call.
const BUFFER: usize = 64 * 1024;

/// How long a line may wait in the buffer while others keep coming.
const LATEST: Duration = Duration::from_millis(50);

/// What becomes of a file that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// The report takes its place.
    #[cfg(feature = "launcher")]
    Replace,
    /// It stays, and the report cannot be written: another target may have written it.
    Refuse,
}

/// A report that cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwritable {
    #[error("the report `{}` cannot be written: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("the output could not be written: {0}")]
    Stdout(io::Error),
    #[error(
        "the report `{}` exists, and another target may have written it; remove it, write \
         `{{target}}` in the name of the file, or run all targets by mtrun",
        path.display()
    )]
    Exists { path: PathBuf },
}

/// Writes through a buffer that it empties whenever nothing happens.
#[derive(Debug)]
pub(crate) struct Buffered<W: Write> {
    /// None if nobody needs to know of an error.
    path: Option<PathBuf>,
    out: BufWriter<W>,
    flushed: Instant,
    error: Option<io::Error>,
}

impl<W: Write> Buffered<W> {
    pub(crate) fn new(path: Option<PathBuf>, out: W) -> Self {
        let out = BufWriter::with_capacity(BUFFER, out);
        Self { path, out, flushed: Instant::now(), error: None }
    }
}

/// Opens a file for a report. Pipes and devices are never refused.
pub(crate) fn open(path: &Path, existing: Existing) -> Result<Buffered<File>, Unwritable> {
    let mut how = OpenOptions::new();
    how.write(true);
    let is_there = path.metadata().is_ok_and(|found| !found.is_file());
    match existing {
        Existing::Refuse if !is_there => how.create_new(true),
        _ => how.create(true).truncate(true),
    };
    let file = how.open(path).map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => Unwritable::Exists { path: path.to_owned() },
        _ => Unwritable::Io { path: path.to_owned(), source },
    })?;
    Ok(Buffered::new(Some(path.to_owned()), file))
}

impl<W: Write + Send> Sink for Buffered<W> {
    fn write(&mut self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) {
        if self.error.is_none() {
            self.error = write(&mut self.out).err();
        }
        if self.flushed.elapsed() >= LATEST {
            self.idle();
        }
    }

    fn idle(&mut self) {
        if self.error.is_none() {
            self.error = self.out.flush().err();
        }
        self.flushed = Instant::now();
    }

    fn error(&mut self) -> Option<Unwritable> {
        let (path, source) = (self.path.clone()?, self.error.take()?);
        Some(Unwritable::Io { path, source })
    }
}
