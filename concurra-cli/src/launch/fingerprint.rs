//! Shows that a file changed.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A file or folder as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Numbers", from = "Numbers")]
pub(crate) struct Fingerprint {
    /// When a program last wrote the file, which programs may set back. In seconds and nanoseconds.
    pub(crate) modified: (i64, i64),
    /// When the file's status last changed. Programs cannot set this time.
    pub(crate) changed: (i64, i64),
    size: u64,
    inode: u64,
}

/// A fingerprint in a stamp, which has hundreds: without the names of the fields it is read faster.
type Numbers = ((i64, i64), (i64, i64), u64, u64);

impl From<Fingerprint> for Numbers {
    fn from(Fingerprint { modified, changed, size, inode }: Fingerprint) -> Self {
        (modified, changed, size, inode)
    }
}

impl From<Numbers> for Fingerprint {
    fn from((modified, changed, size, inode): Numbers) -> Self {
        Self { modified, changed, size, inode }
    }
}

impl Fingerprint {
    /// None when the file is missing.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        Some(Self {
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
            // A folder's size shows no change of its files; some file systems change it by
            // themselves.
            size: if found.is_dir() { 0 } else { found.len() },
            inode: found.ino(),
        })
    }

    /// Whether neither time is after the moment.
    pub(crate) fn is_older_than(&self, moment: SystemTime) -> bool {
        let moment = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
        let moment = (moment.as_secs().cast_signed(), moment.subsec_nanos().into());
        self.modified.max(self.changed) < moment
    }
}
