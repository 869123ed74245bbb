//! Where `mtrun` keeps what it may forget.

use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::launch::error::LaunchError;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What did not change for this long is removed. When it is wanted again it costs one start of
/// cargo.
const KEPT: Duration = DAY.saturating_mul(30);

/// Stamps, and the packages of scratch files.
const REMOVED: [&str; 2] = ["stamps", "scratch"];

/// What all scratch files share; it is worth more than it takes.
const SHARED: &str = "target";

/// The user's cache folder for Concurra, or why there is none.
#[derive(Debug)]
pub(crate) struct Cache(Result<PathBuf, String>);

impl Cache {
    /// Finds the folder, and makes it when it is missing.
    pub(crate) fn open() -> Self {
        Self(folder())
    }

    /// The file for the stamp of a call, if a folder can be used: stamps only save time.
    pub(crate) fn stamp_file(&self, number: &str) -> Option<PathBuf> {
        self.0.as_ref().ok().map(|folder| folder.join("stamps").join(number))
    }

    /// The folder for the packages of scratch files.
    pub(crate) fn scratch(&self) -> Result<PathBuf, LaunchError> {
        let folder = self.0.as_ref().map_err(|why| LaunchError::NoCache { why: why.clone() })?;
        Ok(folder.join("scratch"))
    }
}

/// Other users must not be able to write the folder: a stamp decides which program runs.
fn folder() -> Result<PathBuf, String> {
    let user = rustix::process::geteuid().as_raw();
    let folder = match home_cache() {
        Some(cache) => cache.join("concurra"),
        // Other users share this folder, so the name must not be one that they may take first.
        None => std::env::temp_dir().join(format!("concurra-{user}")),
    };
    let why = |error: std::io::Error| format!("`{}`: {error}", folder.display());
    fs::create_dir_all(folder.parent().unwrap_or(&folder)).map_err(why)?;
    match DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(why(error)),
        _ => {}
    }
    // A link may lead to a folder of somebody else.
    let found = fs::symlink_metadata(&folder).map_err(why)?;
    let is_private = found.is_dir() && found.uid() == user && found.mode() & 0o022 == 0;
    if !is_private || folder.is_relative() {
        return Err(format!("`{}` is not a folder that only you can write", folder.display()));
    }
    fs::create_dir_all(folder.join("stamps")).map_err(why)?;
    tidy(&folder, SystemTime::now());
    Ok(folder)
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
/// Removes what is old, once a day. A cache that cannot be tidied still works.
fn tidy(folder: &Path, now: SystemTime) {
    let note = folder.join("tidied");
    if is_older(&note, now, DAY) == Some(false) || fs::write(note, "").is_err() {
        return;
    }
    let entries = REMOVED.map(|name| fs::read_dir(folder.join(name)));
    for entry in entries.into_iter().flatten().flatten().flatten() {
        let path = entry.path();
        // A folder does not change with the files in it, and its manifest changes with the file
        // that it was made for.
        let manifest = path.join("Cargo.toml");
        let dated = if manifest.is_file() { &manifest } else { &path };
        if entry.file_name() != SHARED && is_older(dated, now, KEPT) == Some(true) {
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
    }
}

/// Whether a file is older; none when it is missing.
fn is_older(path: &Path, now: SystemTime, age: Duration) -> Option<bool> {
    let time = fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
    Some(now.duration_since(time).is_ok_and(|since| since > age))
}

/// A name for what the parts stand for, without showing them: variables may hold secrets. Two seeds
/// make it long enough that no two lists share one.
pub(crate) fn number_of(parts: &[String]) -> String {
    let hash = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, parts).hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}", hash(0), hash(1))
}

pub(crate) fn make(folder: &Path) -> Result<(), LaunchError> {
    fs::create_dir_all(folder)
        .map_err(|source| LaunchError::Cache { path: folder.to_owned(), source })
}

/// Writes a file unless it has the text already: a new time would void stamps.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), LaunchError> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(|source| LaunchError::Cache { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_is_removed_once_a_day() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let file = |name: &str| {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(&file, "").expect("a file");
            file
        };
        let names = ["stamps/a", "scratch/load-1/Cargo.toml", "scratch/target/debug/load"];
        let [stamp, manifest, built] = names.map(file);
        let now = SystemTime::now();
        tidy(folder, now + KEPT - DAY);
        assert!(stamp.exists() && manifest.exists());
        tidy(folder, now + DAY);
        assert!(stamp.exists(), "a day has not passed");
        fs::remove_file(folder.join("tidied")).expect("removed");
        tidy(folder, now + KEPT + DAY);
        assert!(!stamp.exists());
        assert!(!manifest.parent().expect("a folder").exists());
        assert!(built.exists());
    }
}
