//! The folder in which `mtrun` keeps stamps and the packages of scratch files.

use std::fs::{self, DirBuilder};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::process::geteuid;

use super::error::LaunchError;
use crate::supervise::folder::is_own;

/// `mtrun` removes stamps that it wrote longer ago than this. A later call then starts cargo once.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The user's cache folder for Concurra, or why there is none.
#[derive(Debug)]
pub(crate) struct Cache(Result<PathBuf, String>);

impl Cache {
    /// Finds the folder, and makes it when it is missing.
    pub(crate) fn open() -> Self {
        Self(folder())
    }

    /// The file for the stamp of a call. Stamps only save time, so an unusable folder is not an
    /// error.
    pub(crate) fn stamp_file(&self, call: &str) -> Option<PathBuf> {
        self.0.as_ref().ok().map(|folder| folder.join("stamps").join(hash_of(call)))
    }

    /// The folder for the packages of scratch files.
    pub(crate) fn scratch(&self) -> Result<PathBuf, LaunchError> {
        let folder = self.0.as_ref().map_err(|why| LaunchError::Cache { why: why.clone() })?;
        Ok(folder.join("scratch"))
    }
}

/// Makes the cache folder and its subfolders, which only the user may write: a stamp decides which
/// program runs.
fn folder() -> Result<PathBuf, String> {
    let folder = match home_cache() {
        Some(cache) => cache.join("concurra"),
        // The name differs for each user: another user might make a common folder first.
        None => std::env::temp_dir().join(format!("concurra-{}", geteuid().as_raw())),
    };
    let folder = std::path::absolute(folder).map_err(|error| error.to_string())?;
    let above = folder.parent().unwrap_or(&folder);
    fs::create_dir_all(above).map_err(|error| format!("`{}`: {error}", above.display()))?;
    for folder in [folder.clone(), folder.join("stamps"), folder.join("scratch")] {
        make_private(&folder)?;
    }
    Ok(folder)
}

/// Makes a folder that only the user can write, or checks that it is one.
fn make_private(folder: &Path) -> Result<(), String> {
    let why = |error: io::Error| format!("`{}`: {error}", folder.display());
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(why(error)),
        _ => {}
    }
    // A link may lead to a folder of another user.
    let found = fs::symlink_metadata(folder).map_err(why)?;
    let why = || format!("`{}` is not a folder that only you can write", folder.display());
    is_own(&found, 0o022).then_some(()).ok_or_else(why)
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

/// Writes a stamp, and removes old ones beside it. Without its stamp, a later call starts cargo.
pub(crate) fn write_stamp(file: &Path, stamp: &[u8]) {
    let _ = replace(file, stamp);
    let is_old = |stamp: &fs::DirEntry| {
        let time = stamp.metadata().and_then(|found| found.modified());
        time.is_ok_and(|time| time + KEPT < SystemTime::now())
    };
    let stamps = file.parent().map(fs::read_dir).into_iter().flatten().flatten().flatten();
    for stamp in stamps.filter(is_old) {
        let _ = fs::remove_file(stamp.path());
    }
}

/// A name for a text, which may hold secrets.
pub(crate) fn hash_of(text: &str) -> String {
    format!("{:016x}", BuildHasherDefault::<DefaultHasher>::new().hash_one(text))
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
        .map_err(|error| LaunchError::Cache { why: format!("`{}`: {error}", path.display()) })
}

/// Replaces a file: another `mtrun` reads the old text or the new one, never a half.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&fresh, text)?;
    fs::rename(fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_stamp_removes_those_that_are_too_old() {
        let folder = tempfile::tempdir().expect("a folder");
        let write_aged = |name: &str, age: Duration| {
            let path = folder.path().join(name);
            let file = fs::File::create(&path).expect("a file");
            file.set_modified(SystemTime::now() - age).expect("a time");
            path
        };
        let day = Duration::from_secs(24 * 60 * 60);
        let [kept, old] = [write_aged("kept", KEPT - day), write_aged("old", KEPT + day)];
        let new = folder.path().join("new");
        write_stamp(&new, b"{}");
        assert_eq!([&new, &kept, &old].map(|path| path.exists()), [true, true, false]);
    }
}
