//! What the scenarios share.

use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::{env, fs};

use concurra::{Outcome, Report, Runner};

use crate::tasks::{chosen, numbers};

/// A runner with the tasks that were named, isolated.
pub(crate) fn runner(names: &[&str]) -> Runner {
    chosen(names).workers(2)
}

pub(crate) fn run(runner: Runner) -> Report {
    runner.run().expect("a plan")
}

/// The outcome of a task and its message.
pub(crate) fn outcome_of(report: &Report, name: &str) -> (Outcome, String) {
    let task = &report[name];
    (task.outcome(), task.failure().map(|failure| failure.to_string()).unwrap_or_default())
}

/// An empty folder for the numbers of processes; its name reaches worker processes as it is that of
/// this process.
pub(crate) fn folder() -> PathBuf {
    let folder = numbers().join(process::id().to_string());
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Runs a scenario in another process, whose tasks write their numbers into a folder.
pub(crate) fn alone(scenario: &str, folder: &Path) -> Command {
    let mut command = Command::new(env::current_exe().expect("a path"));
    command.args(["--exact", "--include-ignored", scenario]).env("NUMBERS", folder);
    command
}

/// Runs a scenario again, in a process whose tasks have a folder of their own.
pub(crate) fn again(scenario: &str) {
    let folder = folder().join(scenario);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("a folder");
    let output = alone(scenario, &folder).output().expect("this program");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    fs::remove_dir_all(&folder).expect("the folder is there");
}
