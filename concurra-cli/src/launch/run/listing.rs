//! Asks a runner for the names of its tasks.

use super::start::Start;
use crate::launch::interrupts::Interrupts;
use crate::supervise::VARIABLE;

/// The names of all tasks that the target may run; none when it cannot tell, which the run itself
/// will then say better.
pub(super) fn names(start: &Start, interrupts: &Interrupts) -> Vec<String> {
    let args = ["--list", "--format=terse"].map(str::to_owned);
    let mut command = start.command(&args);
    // Unsupervised it lists as libtest does, and under nextest it would list sets instead of tasks.
    command.env_remove(VARIABLE).env_remove("NEXTEST").env_remove("NEXTEST_EXECUTION_MODE");
    let output = interrupts.output(&mut command);
    let text = output.map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}
