//! Runs `mtrun` as a person would, over the fixture packages.

mod fresh;
mod process;
mod ran;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use fresh::Fresh;
pub(crate) use process::{Gate, Running, is_alive, send, until};
pub(crate) use ran::Ran;

/// The folder for files that may stay between runs: builds, and the cache of `mtrun`.
pub(crate) fn scratch_folder() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the checkout")
}

/// The fixture package with many targets.
pub(crate) fn flows() -> PathBuf {
    root().join("tests/fixtures/flows")
}

/// Runs `mtrun` in the fixture package `flows`.
#[track_caller]
pub(crate) fn mtrun(arguments: &[&str]) -> Ran {
    mtrun_in(&flows(), arguments)
}

/// Runs `mtrun` in a folder.
#[track_caller]
pub(crate) fn mtrun_in(folder: &Path, arguments: &[&str]) -> Ran {
    Ran::of(&mut command(folder, arguments))
}

/// `mtrun` with a clean environment. All fixtures share a target folder, so that they build the
/// library once.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mtrun"));
    command.args(arguments);
    prepare(&mut command, folder);
    command
}

/// Gives a command that will start `mtrun` the environment of [`command`].
pub(crate) fn prepare(command: &mut Command, folder: &Path) {
    const KEPT: [&str; 6] = ["PATH", "HOME", "TMPDIR", "USER", "CARGO_HOME", "RUSTUP_HOME"];
    command.current_dir(folder).stdin(Stdio::null()).env_clear();
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command
        .env("CARGO", env!("CARGO"))
        .env("CARGO_TARGET_DIR", scratch_folder().join("fixtures"))
        .env("XDG_CACHE_HOME", scratch_folder().join("cache"))
        // With all of it the programs of these tests take four gigabytes.
        .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only")
        .env("CARGO_INCREMENTAL", "0")
        .env("RUST_BACKTRACE", "0");
    // Without it rustup would choose a toolchain anew in each dependency's folder.
    let toolchain = std::env::var("RUSTUP_TOOLCHAIN").ok();
    let toolchain = toolchain.or_else(|| option_env!("RUSTUP_TOOLCHAIN").map(str::to_owned));
    command.envs(toolchain.map(|toolchain| ("RUSTUP_TOOLCHAIN", toolchain)));
}

/// The program of a target of `broken`.
pub(crate) fn program(target: &str) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    prepare(&mut cargo, &flows());
    cargo.args([
        "test",
        "-q",
        "-p",
        "broken",
        "--test",
        target,
        "--no-run",
        "--message-format=json",
    ]);
    let output = cargo.output().expect("cargo starts");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut programs = lines.lines().rev().filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        line["executable"].as_str().map(PathBuf::from)
    });
    programs.next().expect("a program")
}
