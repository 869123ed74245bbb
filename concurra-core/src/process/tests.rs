//! Commands as tasks run them, with real processes. Nothing here proves anything by sleeping.

mod captured;
mod ends;
mod refusals;
mod shown;
mod streams;

use std::fs;
use std::path::PathBuf;
use std::process::{self, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::run::{CommandRun, Monitor};
use super::spec::CommandSpec;
use super::{CaptureSpec, Group};

/// Calls a function with the group.
struct OnStart<F>(F);

impl<F: Fn(Arc<Group>)> Monitor for OnStart<F> {
    fn started(&self, group: Arc<Group>) {
        (self.0)(group);
    }
}

/// Runs a command to its own end.
fn run(spec: &CommandSpec) -> CommandRun {
    super::run(spec, whole(), &OnStart(drop))
}

/// All of the output.
fn whole() -> CaptureSpec {
    CaptureSpec::new(Some(0), false)
}

fn sh(text: &str) -> CommandRun {
    run(&CommandSpec::shell(text))
}

/// The message of a command that fails.
fn refused(spec: &CommandSpec) -> String {
    run(spec).failure.expect("a failure").to_string()
}

fn stdout(run: &CommandRun) -> &str {
    match &run.output.stdout {
        super::Captured::Text(text) => text,
        other => panic!("no text: {other:?}"),
    }
}

/// A folder that the end of the test removes.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("concurra-{}-{number}", process::id()));
        fs::create_dir(&path).expect("a new folder");
        Self(path.canonicalize().expect("the folder"))
    }

    /// A path in the folder.
    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A named pipe, by which a command and a test wait for each other.
    fn fifo(&self, name: &str) -> PathBuf {
        let path = self.at(name);
        assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
        path
    }

    /// A file that may be run.
    fn program(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.at(name);
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the permissions");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
