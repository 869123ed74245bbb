//! A call of `mtrun` or cargo with an environment that holds nothing by accident.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Ran;

/// A command in the making.
#[must_use]
pub(crate) struct Call {
    pub(crate) command: Command,
    folder: PathBuf,
}

impl Call {
    /// A program that runs in `folder`.
    pub(crate) fn new(program: &OsStr, folder: &Path) -> Self {
        const KEPT: [&str; 5] = ["HOME", "TMPDIR", "USER", "CARGO_HOME", "RUSTUP_HOME"];
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::null()).env_clear();
        command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command
            .env("PATH", path_with(&[toolchain()]))
            .env("CARGO_NET_OFFLINE", "true")
            // Without them each program takes twice as long to build.
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0")
            .env("RUST_BACKTRACE", "0");
        Self { command, folder: folder.to_owned() }
    }

    /// Runs in a folder below the one it would run in.
    pub(crate) fn from(mut self, folder: &str) -> Self {
        self.folder.push(folder);
        self.command.current_dir(&self.folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    #[track_caller]
    pub(crate) fn run(mut self) -> Ran {
        Ran::of(&mut self.command)
    }

    /// Runs, and checks the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ran {
        self.run().exits(code)
    }
}

/// The folder of the cargo that builds these tests: a cargo that chooses a toolchain would set more
/// variables.
pub(crate) fn toolchain() -> &'static Path {
    Path::new(env!("CARGO")).parent().expect("cargo lies in a folder")
}

/// These folders, followed by the folders of `PATH`.
pub(crate) fn path_with(folders: &[&Path]) -> std::ffi::OsString {
    let set = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().map(|&folder| folder.to_owned());
    std::env::join_paths(all.chain(std::env::split_paths(&set))).expect("a path")
}

/// The platform of this machine.
pub(crate) fn triple() -> String {
    let asked = Ran::of(Command::new(toolchain().join("rustc")).arg("-vV"));
    let line = asked.out.lines().find_map(|line| line.strip_prefix("host: "));
    line.expect("a platform").to_owned()
}
