//! Where `mtrun` keeps what it may forget.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::error::LaunchError;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What nothing has changed for this long is forgotten. If it is wanted again it costs one start of
/// cargo.
const KEPT: Duration = DAY.saturating_mul(30);

/// Stamps, and the packages of scratch files.
const FORGOTTEN: [&str; 2] = ["stamps", "scratch"];

/// What all scratch files share; it is worth more than it takes.
const SHARED: &str = "target";

/// The user's cache folder for Concurra, made when it is not there.
pub(super) fn folder() -> Result<PathBuf, LaunchError> {
    let home = || std::env::var_os("HOME").map(PathBuf::from);
    let set = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let user = set.or_else(|| {
        let name = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
        home().map(|home| home.join(name))
    });
    let folder = user.unwrap_or_else(std::env::temp_dir).join("concurra");
    make(&folder)?;
    tidy(&folder, SystemTime::now());
    Ok(folder)
}

/// Forgets what is old, once a day. A cache that cannot be tidied is none the worse.
fn tidy(folder: &Path, now: SystemTime) {
    let note = folder.join("tidied");
    if is_older(&note, now, DAY) == Some(false) || fs::write(note, "").is_err() {
        return;
    }
    let entries = FORGOTTEN.map(|name| fs::read_dir(folder.join(name)));
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

/// Whether a file is older; none when it is not there.
fn is_older(path: &Path, now: SystemTime, age: Duration) -> Option<bool> {
    let time = fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
    Some(now.duration_since(time).is_ok_and(|since| since > age))
}

pub(super) fn make(folder: &Path) -> Result<(), LaunchError> {
    fs::create_dir_all(folder)
        .map_err(|source| LaunchError::Cache { path: folder.to_owned(), source })
}

/// Writes a file unless it already says so: a new time would void stamps.
pub(super) fn write(path: &Path, text: &str) -> Result<(), LaunchError> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(|source| LaunchError::Cache { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_is_forgotten_once_a_day() {
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
