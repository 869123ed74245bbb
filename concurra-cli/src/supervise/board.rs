//! The tasks and hooks that run, in a file that outlives the process.
//!
//! A process that is killed, aborts or overflows its stack cannot report what it ran. Each body has an
//! entry of fixed size in the file, written with one call before the body and one after. An abandoned
//! body moves to an entry of its own. The first entry has the numbers of ended tasks.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use concurra_core::Counts;

/// The size of an entry: a text, and at least one zero byte after it.
const ENTRY: usize = 256;

/// Follows the name of an abandoned body.
const ABANDONED: &str = " (abandoned)";

/// The writing end.
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

    /// Writes what is about to run, or an empty name when it has ended. Cuts a name that is longer than an
    /// entry.
    pub(crate) fn note(&self, index: usize, name: &str) {
        self.write(index + 1, name, "");
    }

    /// Writes the name of a body that was abandoned and still runs.
    pub(crate) fn note_abandoned(&self, index: usize, name: &str) {
        self.write(index + 1, name, ABANDONED);
    }

    /// Writes how many tasks have ended how.
    pub(crate) fn note_counts(&self, counts: &Counts) {
        let counts = serde_json::to_string(counts).expect("counts are JSON");
        self.write(0, &counts, "");
    }

    /// An abandoned body in a message.
    pub(crate) fn abandoned(name: &str) -> String {
        format!("{name}{ABANDONED}")
    }

    /// The board only completes the report of a crash, so an error does not fail the run.
    fn write(&self, index: usize, text: &str, mark: &str) {
        let most = text.len().min(ENTRY - 1 - mark.len());
        let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        let mut entry = [0; ENTRY];
        entry[..end].copy_from_slice(&text.as_bytes()[..end]);
        entry[end..end + mark.len()].copy_from_slice(mark.as_bytes());
        let _ = self.0.write_all_at(&entry, (index * ENTRY) as u64);
    }
}

/// How many tasks had ended how, and the tasks and hooks that were running, abandoned ones last.
#[cfg(feature = "launcher")]
pub(super) fn read(path: &Path) -> (Counts, Vec<String>) {
    let bytes = std::fs::read(path).unwrap_or_default();
    let texts = bytes.chunks(ENTRY).map(|entry| String::from_utf8_lossy(entry).into_owned());
    let mut texts = texts.map(|text| text.trim_end_matches('\0').to_owned());
    let counts = texts.next().and_then(|counts| serde_json::from_str(&counts).ok());
    (counts.unwrap_or_default(), texts.filter(|name| !name.is_empty()).collect())
}
