//! The standard output as a sink. An error is kept instead of ending the run: its tasks matter more.

use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Sink, Unwritable};

/// The standard output, until it fails. Clones share the error.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// Libtest captures what `print!` prints, and only that.
    captured: bool,
    /// Lines go to the standard error instead.
    aside: bool,
    error: Arc<Mutex<Option<io::Error>>>,
}

impl Output {
    pub(crate) fn new(captured: bool) -> Self {
        Self { captured, aside: false, error: Arc::default() }
    }

    /// Keeps lines out of the standard output, if it is for something else.
    pub(crate) fn aside(&self, aside: bool) -> Self {
        Self { captured: self.captured, aside, error: Arc::default() }
    }

    /// Writes, and keeps the first error; after it nothing is written.
    pub(crate) fn print(&self, mut write: impl FnMut(&mut dyn Write) -> io::Result<()>) {
        let mut error = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        if error.is_some() {
            return;
        }
        let written = if self.aside {
            write(&mut io::stderr().lock())
        } else if self.captured {
            write(&mut Printed)
        } else {
            let mut out = io::stdout().lock();
            write(&mut out).and_then(|()| out.flush())
        };
        *error = written.err();
    }

    /// What kept the output from being written. A reader that went away is no error.
    pub(crate) fn take_error(&self) -> Option<io::Error> {
        let mut error = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        error.take_if(|error| error.kind() != ErrorKind::BrokenPipe)
    }
}

impl Sink for Output {
    fn write(&mut self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) {
        self.print(write);
    }

    fn idle(&mut self) {}

    fn error(&mut self) -> Option<Unwritable> {
        self.take_error().map(Unwritable::Stdout)
    }
}

struct Printed;

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        print!("{}", String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
