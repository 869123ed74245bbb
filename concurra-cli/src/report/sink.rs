//! Where reports and the console go. An error is kept instead of ending the run: its tasks matter more.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Stdio;

/// Larger than most reports, which are then written by one call.
const BUFFER: usize = 128 * 1024;

/// How many bytes wait for others. What an event adds to them fits in the buffer, or its lines could be torn.
const FULL: usize = BUFFER / 2;

/// How long a line may wait in the buffer while others keep coming.
const LATEST: Duration = Duration::from_millis(50);

/// A report that cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwritable {
    #[error("`--report`: the report `{}` cannot be written: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("the output could not be written: {0}")]
    Stdout(io::Error),
    #[error(
        "`--report`: the report `{}` exists; an earlier run or another target may have written it; remove \
         it, or run mtrun, which replaces reports and writes one for all targets; `{{target}}` in the name \
         of the file keeps targets apart",
        path.display()
    )]
    Exists { path: PathBuf },
}

/// A buffer that is flushed when nothing happens. After the first error nothing is written.
pub(crate) struct Sink {
    place: Place,
    out: BufWriter<Box<dyn Write + Send>>,
    flushed: Instant,
    error: Option<io::Error>,
}

enum Place {
    File(PathBuf),
    Stdio,
    /// Its reader notices an error by itself.
    Pipe,
}

impl Sink {
    /// A sink for one reader.
    pub(crate) fn pipe(out: impl Write + Send + 'static) -> Self {
        Self::new(Place::Pipe, Box::new(out))
    }

    /// A sink for people, or for a program that reads a stream of this process.
    pub(crate) fn stdio(stream: Stdio) -> Self {
        Self::new(Place::Stdio, Box::new(stream))
    }

    /// Opens a file. Unless `replaces` is set, an existing file is an error, as another target may have
    /// written it. Pipes and devices always fit.
    pub(crate) fn file(path: &Path, replaces: bool) -> Result<Self, Unwritable> {
        let is_special = path.metadata().is_ok_and(|found| !found.is_file());
        let mut how = OpenOptions::new();
        how.write(true);
        if replaces || is_special {
            how.create(true).truncate(true)
        } else {
            how.create_new(true)
        };
        match how.open(path) {
            Ok(file) => Ok(Self::new(Place::File(path.to_owned()), Box::new(file))),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(Unwritable::Exists { path: path.to_owned() })
            }
            Err(source) => Err(Unwritable::Io { path: path.to_owned(), source }),
        }
    }

    fn new(place: Place, out: Box<dyn Write + Send>) -> Self {
        let out = BufWriter::with_capacity(BUFFER, out);
        Self { place, out, flushed: Instant::now(), error: None }
    }

    pub(crate) fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.error.is_none() {
            self.error = write(&mut self.out).err();
        }
        if self.out.buffer().len() >= FULL || self.flushed.elapsed() >= LATEST {
            self.flush();
        }
    }

    pub(crate) fn flush(&mut self) {
        if self.error.is_none() {
            self.error = self.out.flush().err();
        }
        self.flushed = Instant::now();
    }

    /// The first error, when everything is written. A reader of standard output may leave early.
    pub(crate) fn error(&mut self) -> Option<Unwritable> {
        self.flush();
        let source = self.error.take()?;
        match &self.place {
            Place::File(path) => Some(Unwritable::Io { path: path.clone(), source }),
            Place::Stdio if source.kind() != ErrorKind::BrokenPipe => {
                Some(Unwritable::Stdout(source))
            }
            Place::Stdio | Place::Pipe => None,
        }
    }
}
