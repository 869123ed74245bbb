//! Variables that cargo reads, and variables that it sets for the programs it runs.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Cargo sets variables that begin so for each program that it runs.
const SET: [&str; 6] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_PRIMARY_",
    "CARGO_TARGET_TMPDIR",
];

/// Variables that begin so change a build.
const READ: [&str; 5] = ["CARGO", "RUSTFLAGS", "RUSTC", "RUSTUP_", "RUST_TARGET_PATH"];

/// Exceptions from [`READ`].
const UNRELATED: [&str; 3] = ["CARGO_TERM_", "CARGO_MAKEFLAGS", "RUSTUP_TOOLCHAIN_SOURCE"];

/// Variables with folders that count from where cargo runs. `mtrun` may make them absolute for
/// cargo.
pub(crate) const PATHS: [&str; 4] =
    ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR", "CARGO_HOME"];

/// Whether cargo sets the variable for each program that it runs.
pub(crate) fn is_set_by_cargo(name: &str) -> bool {
    SET.iter().any(|begin| name.starts_with(begin))
}

/// The variables that change what cargo builds, with their values, in order.
pub(crate) fn read_by_cargo() -> Vec<(OsString, OsString)> {
    let is_read = |name: &OsString| {
        let begins = |begin: &&str| name.as_bytes().starts_with(begin.as_bytes());
        READ.iter().any(begins) && !SET.iter().chain(&UNRELATED).any(begins)
    };
    let mut read = std::env::vars_os().filter(|(name, _)| is_read(name)).collect::<Vec<_>>();
    read.sort_unstable();
    read
}

/// A variable as text, with escapes where it is not Unicode: enough to see that it changed.
pub(crate) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    Some(value.into_string().unwrap_or_else(|value| format!("{value:?}")))
}

/// The variables with relative folders, made absolute: cargo may run in another folder than `base`.
pub(super) fn absolute_paths(base: &Path) -> impl Iterator<Item = (&'static str, OsString)> {
    PATHS.into_iter().filter_map(move |name| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
        // Cargo itself replaces placeholders such as `{workspace-root}`.
        let is_relative = Path::new(&value).is_relative() && !value.as_bytes().starts_with(b"{");
        is_relative.then(|| (name, base.join(&value).into_os_string()))
    })
}

/// The path of a program; the system looks up one without a folder in `PATH`.
pub(crate) fn find_program(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return std::path::absolute(program).ok();
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}
