//! Where `mtrun` keeps what it may forget.

use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::process::geteuid;

use super::error::LaunchError;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// `mtrun` removes stamps that it wrote longer ago than this. A later call then starts cargo once.
const KEPT: Duration = DAY.saturating_mul(30);

/// The user's cache folder for Concurra, or why there is none.
#[derive(Debug)]
pub(crate) struct Cache(Result<PathBuf, String>);

impl Cache {
    /// Finds the folder, and makes it when it is missing.
    pub(crate) fn open() -> Self {
        Self(folder())
    }

    /// The file for the stamp of a call, if a folder can be used: stamps only save time.
    pub(crate) fn stamp_file(&self, call: &str) -> Option<PathBuf> {
        self.0.as_ref().ok().map(|folder| folder.join("stamps").join(call))
    }

    /// The folder for the packages of scratch files.
    pub(crate) fn scratch(&self) -> Result<PathBuf, LaunchError> {
        let folder = self.0.as_ref().map_err(|why| LaunchError::NoCache { why: why.clone() })?;
        Ok(folder.join("scratch"))
    }
}

/// Makes the folder and those in it, which only the user may write: a stamp decides which program
/// runs.
fn folder() -> Result<PathBuf, String> {
    let folder = match home_cache() {
        Some(cache) => cache.join("concurra"),
        // Other users share this folder, so the name must not be one that they may take first.
        None => std::env::temp_dir().join(format!("concurra-{}", geteuid().as_raw())),
    };
    if folder.is_relative() {
        return Err(format!("`{}` is a relative path", folder.display()));
    }
    let above = folder.parent().unwrap_or(&folder);
    fs::create_dir_all(above).map_err(|error| format!("`{}`: {error}", above.display()))?;
    private(&folder)?;
    for name in ["stamps", "scratch"] {
        private(&folder.join(name))?;
    }
    tidy(&folder, SystemTime::now());
    Ok(folder)
}

/// Makes a folder that only the user can write, or checks that it is one.
fn private(folder: &Path) -> Result<(), String> {
    let why = |error: io::Error| format!("`{}`: {error}", folder.display());
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(why(error)),
        _ => {}
    }
    // A link may lead to a folder of somebody else.
    let found = fs::symlink_metadata(folder).map_err(why)?;
    if found.is_dir() && found.uid() == geteuid().as_raw() && found.mode() & 0o022 == 0 {
        Ok(())
    } else {
        Err(format!("`{}` is not a folder that only you can write", folder.display()))
    }
}

/// The cache folder in the user's home, as the system's conventions name it.
fn home_cache() -> Option<PathBuf> {
    let folder = |name: &str| {
        let folder = std::env::var_os(name).map(PathBuf::from);
        folder.filter(|folder| folder.is_absolute())
    };
    let name = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
    folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(name)))
}
/// Removes old stamps, once a day. A cache that cannot be tidied still works.
fn tidy(folder: &Path, now: SystemTime) {
    let (note, stamps) = (folder.join("tidied"), folder.join("stamps"));
    if is_older(&note, now, DAY) == Some(false) || fs::write(&note, "").is_err() {
        return;
    }
    let stamps = fs::read_dir(stamps).into_iter().flatten().flatten().map(|entry| entry.path());
    for stamp in stamps.filter(|stamp| is_older(stamp, now, KEPT) == Some(true)) {
        let _ = fs::remove_file(stamp);
    }
}

/// Whether a file is older; none when it is missing.
fn is_older(path: &Path, now: SystemTime, age: Duration) -> Option<bool> {
    let time = fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
    Some(now.duration_since(time).is_ok_and(|since| since > age))
}

/// A name for what the parts stand for, without showing them: variables may hold secrets. Two seeds
/// make it long enough that no two lists share one.
pub(crate) fn hash_of(parts: &[String]) -> String {
    let hash = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, parts).hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}", hash(0), hash(1))
}

/// Writes a file and the folders above it, unless it has the text already: a new time would void
/// stamps.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), LaunchError> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| replace(path, text.as_bytes()))
        .map_err(|source| LaunchError::Cache { path: path.to_owned(), source })
}

/// Replaces a file: another `mtrun` reads the old text or the new one, never a half.
pub(crate) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    let replaced = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_stamps_are_removed_once_a_day() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let stamp = folder.join("stamps/a");
        fs::create_dir(folder.join("stamps")).expect("a folder");
        fs::write(&stamp, "").expect("a file");
        let now = SystemTime::now();
        tidy(folder, now + KEPT - DAY);
        assert!(stamp.exists());
        tidy(folder, now + DAY);
        assert!(stamp.exists(), "a day has not passed");
        fs::remove_file(folder.join("tidied")).expect("removed");
        tidy(folder, now + KEPT + DAY);
        assert!(!stamp.exists());
    }
}
