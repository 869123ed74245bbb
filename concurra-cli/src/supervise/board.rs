//! Which task each worker runs, in a file that outlives the process.
//!
//! A process that is killed, aborts or overflows its stack cannot report what it was doing. Each
//! worker has a slot of fixed size in the file, written with one call before a body and one after.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// A slot: two bytes of length, then the name. The length is 0 when nothing runs there.
const SLOT: usize = 256;
const LENGTH: usize = 2;

/// The writing end: one slot for each worker.
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

    /// Notes the task that the worker is about to run; an empty name when it has ended. A name longer than
    /// a slot is cut.
    ///
    /// The board only completes the report of a crash, so a failure to write is no failure of a run.
    pub(crate) fn note(&self, worker: usize, name: &str) {
        let name = cut(name);
        let mut slot = [0; SLOT];
        slot[LENGTH..][..name.len()].copy_from_slice(name.as_bytes());
        slot[..LENGTH].copy_from_slice(&u16::try_from(name.len()).unwrap_or(0).to_le_bytes());
        let _ = self.0.write_all_at(&slot[..LENGTH + name.len()], (worker * SLOT) as u64);
    }
}

/// The tasks that were running, by worker.
#[cfg(feature = "launcher")]
pub(super) fn read(path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).unwrap_or_default();
    bytes.chunks(SLOT).filter_map(name_in).collect()
}

#[cfg(feature = "launcher")]
fn name_in(slot: &[u8]) -> Option<String> {
    let (length, rest) = slot.split_first_chunk::<LENGTH>()?;
    let name = rest.get(..usize::from(u16::from_le_bytes(*length)))?;
    (!name.is_empty()).then(|| String::from_utf8_lossy(name).into_owned())
}

fn cut(name: &str) -> &str {
    let room = (0..=SLOT - LENGTH).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    if name.len() > room { &name[..room] } else { name }
}
