//! What shows that a file changed.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A file or folder as it was. The time of its last change of status is part of it, as a program
/// may set the other time back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "(i64, i64, u64, u64)", from = "(i64, i64, u64, u64)")]
pub(crate) struct Fingerprint {
    /// In nanoseconds since 1970.
    modified: i64,
    changed: i64,
    size: u64,
    number: u64,
}

impl Fingerprint {
    /// None when the file is missing.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        let time =
            |seconds: i64, nanos: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanos);
        Some(Self {
            modified: time(metadata.mtime(), metadata.mtime_nsec()),
            changed: time(metadata.ctime(), metadata.ctime_nsec()),
            // The size of a folder shows no change of its files, and some file systems change it by themselves.
            size: if metadata.is_dir() { 0 } else { metadata.len() },
            number: metadata.ino(),
        })
    }

    /// Whether the file was left alone since before the moment.
    pub(crate) fn is_before(self, moment: SystemTime) -> bool {
        let moment = moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        u128::try_from(self.modified.max(self.changed)).is_ok_and(|time| time < moment)
    }
}

impl From<Fingerprint> for (i64, i64, u64, u64) {
    fn from(of: Fingerprint) -> Self {
        (of.modified, of.changed, of.size, of.number)
    }
}

impl From<(i64, i64, u64, u64)> for Fingerprint {
    fn from((modified, changed, size, number): (i64, i64, u64, u64)) -> Self {
        Self { modified, changed, size, number }
    }
}
