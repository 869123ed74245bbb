//! What shows that a file changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A file or folder as it was: a hash of its times, its size and its inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    /// None when the file is missing.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        // The size of a folder shows no change of its files, and some file systems change it by themselves.
        let size = if found.is_dir() { 0 } else { found.len() };
        let mut hasher = DefaultHasher::new();
        (found.mtime(), found.mtime_nsec(), found.ctime(), found.ctime_nsec()).hash(&mut hasher);
        (size, found.ino()).hash(&mut hasher);
        Some(Self(hasher.finish()))
    }
}

/// When somebody last modified the file, and when its status last changed: programs may set the
/// first time back, but not the second. None when the file is missing.
pub(crate) fn times(path: &Path) -> Option<[SystemTime; 2]> {
    let found = fs::metadata(path).ok()?;
    let since = |seconds: i64, nanos: i64| {
        Duration::new(u64::try_from(seconds).unwrap_or(0), u32::try_from(nanos).unwrap_or(0))
    };
    let times =
        [since(found.mtime(), found.mtime_nsec()), since(found.ctime(), found.ctime_nsec())];
    Some(times.map(|since| UNIX_EPOCH + since))
}
