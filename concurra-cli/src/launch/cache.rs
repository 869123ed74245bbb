//! Where `mtrun` keeps what it may forget.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::LaunchError;

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
    Ok(folder)
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
