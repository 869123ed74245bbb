//! Variables that cargo reads, and those that it sets for the programs it runs.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What cargo sets for each program, beside what begins so.
const SET: [&str; 6] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_PRIMARY_",
    "CARGO_TARGET_TMPDIR",
];

/// What changes a build, beside what begins so.
const READ: [&str; 5] = ["CARGO", "RUSTFLAGS", "RUSTC", "RUSTUP_", "RUST_TARGET_PATH"];

/// What begins as those that change a build, but does not change one.
const UNRELATED: [&str; 3] = ["CARGO_TERM_", "CARGO_MAKEFLAGS", "RUSTUP_TOOLCHAIN_SOURCE"];

/// Variables with folders that cargo counts from where it runs.
const PATHS: [&str; 4] =
    ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR", "CARGO_HOME"];

/// Whether cargo sets the variable for each program that it runs.
pub(crate) fn is_set_by_cargo(name: &str) -> bool {
    SET.iter().any(|begin| name.starts_with(begin))
}

/// The variables that change what cargo builds, with their values, in order.
pub(crate) fn read_by_cargo() -> Vec<String> {
    let all =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let read = all.filter(|(name, _)| {
        let begins = |begin: &&str| name.starts_with(begin);
        READ.iter().any(begins) && !is_set_by_cargo(name) && !UNRELATED.iter().any(begins)
    });
    let mut lines = read.map(|(name, value)| format!("{name}={value:?}")).collect::<Vec<_>>();
    lines.sort_unstable();
    lines
}

/// A variable as text, also where it is not Unicode: enough to see that it changed.
pub(crate) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    Some(value.into_string().unwrap_or_else(|value| format!("{value:?}")))
}

/// The variables with relative folders, made absolute: cargo may run elsewhere than the person is.
pub(super) fn absolute_paths(base: &Path) -> impl Iterator<Item = (&'static str, OsString)> {
    PATHS.iter().filter_map(move |name| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
        // Cargo itself replaces what `{workspace-root}` and the like stand for.
        let is_relative = Path::new(&value).is_relative() && !value.as_bytes().starts_with(b"{");
        is_relative.then(|| (*name, base.join(&value).into_os_string()))
    })
}

/// Where the system finds a program that is given by its name alone.
pub(crate) fn find_program(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return std::path::absolute(program).ok();
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Whether the value of the variable may have been made absolute for cargo alone.
pub(crate) fn may_be_made_absolute(name: &str) -> bool {
    PATHS.contains(&name)
}
