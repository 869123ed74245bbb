//! Asks a runner for the names of its tasks.

use std::process::Stdio;

use super::supervisor::{Start, command};
use crate::supervise::VARIABLE;

/// The names of all tasks that the target may run; none when it cannot tell, which the run itself
/// will then say better.
pub(super) fn names(start: &Start<'_>) -> Vec<String> {
    let args = ["--list", "--format=terse"].map(Into::into);
    let mut command = command(start, &args);
    // Unsupervised it lists as libtest does, and under nextest it would list sets instead of tasks.
    command.env_remove(VARIABLE).env_remove("NEXTEST").env_remove("NEXTEST_EXECUTION_MODE");
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}
