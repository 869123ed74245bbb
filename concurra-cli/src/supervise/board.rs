//! The task that each worker runs, in a file that outlives the process.
//!
//! A process that is killed, aborts or overflows its stack cannot report its running tasks. Each
//! worker has an entry of fixed size in the file, written with one call before a body and one after.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The size of an entry: a name, and at least one zero byte after it.
const ENTRY: usize = 256;

/// The writing end: one entry for each worker.
#[derive(Debug)]
pub(crate) struct Board(File);

impl Board {
    /// Opens the file that `mtrun` made.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        File::options().write(true).open(path).map(Self)
    }

    /// Writes the task that the worker is about to run, or an empty name when the task has ended. Cuts a
    /// name that is longer than an entry.
    ///
    /// The board only completes the report of a crash, so an error does not fail the run.
    pub(crate) fn note(&self, worker: usize, name: &str) {
        let most = name.len().min(ENTRY - 1);
        let end = (0..=most).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
        let mut entry = [0; ENTRY];
        entry[..end].copy_from_slice(&name.as_bytes()[..end]);
        let _ = self.0.write_all_at(&entry, (worker * ENTRY) as u64);
    }
}

/// The tasks that were running, by worker.
#[cfg(feature = "launcher")]
pub(super) fn read(path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).unwrap_or_default();
    let names = bytes.chunks(ENTRY).map(|entry| String::from_utf8_lossy(entry).into_owned());
    let names = names.map(|name| name.trim_end_matches('\0').to_owned());
    names.filter(|name| !name.is_empty()).collect()
}
