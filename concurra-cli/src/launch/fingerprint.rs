//! What shows that a file changed.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A file or folder as it was: when it was modified and when its status changed, in nanoseconds since
/// 1970, its size and its inode. Programs may set the first time back, but not the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint(i64, i64, u64, u64);

impl Fingerprint {
    /// None when the file is missing.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        let time =
            |seconds: i64, nanos: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanos);
        let modified = time(found.mtime(), found.mtime_nsec());
        let changed = time(found.ctime(), found.ctime_nsec());
        // The size of a folder shows no change of its files, and some file systems change it by themselves.
        let size = if found.is_dir() { 0 } else { found.len() };
        Some(Self(modified, changed, size, found.ino()))
    }

    /// Whether nobody touched the file at or after the moment.
    pub(crate) fn is_before(self, moment: SystemTime) -> bool {
        is_before(self.0.max(self.1), moment)
    }

    /// Whether the file looks as if nobody had modified it since: cargo compares this time alone.
    pub(crate) fn seems_before(self, moment: SystemTime) -> bool {
        is_before(self.0, moment)
    }
}

fn is_before(nanos: i64, moment: SystemTime) -> bool {
    let moment = moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    u128::try_from(nanos).is_ok_and(|nanos| nanos < moment)
}
