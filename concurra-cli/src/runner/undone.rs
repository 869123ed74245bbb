//! What a run has not printed when its process ends at once.

use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread;
use std::time::Duration;

use concurra_core::RunView;

use crate::console::{Style, failure_blocks};
use crate::report::Reporters;

/// How often, a millisecond apart, a process that exits at once looks whether the reporters are free.
const LOOKS: usize = 100;

/// What a run has not printed yet.
#[derive(Clone)]
pub(super) struct Unprinted {
    pub(super) reporters: Arc<Mutex<Reporters>>,
    pub(super) style: Style,
    /// `mtrun` prints the failures.
    pub(super) is_supervised: bool,
}

impl Unprinted {
    /// A block for each failure so far.
    pub(super) fn failures(&self) -> String {
        if self.is_supervised {
            return String::new();
        }
        self.of_run(|run| failure_blocks(run, self.style))
    }

    /// What still runs, and what did not run, each on a line of its own.
    pub(super) fn undone(&self) -> String {
        self.of_run(undone)
    }

    fn of_run(&self, text: impl FnOnce(&RunView) -> String) -> String {
        patiently(&self.reporters).and_then(|it| it.run().map(text)).unwrap_or_default()
    }
}

/// Locks the reporters. `None` when one of them waits for a reader of its output: that must not keep the
/// process.
fn patiently(reporters: &Mutex<Reporters>) -> Option<MutexGuard<'_, Reporters>> {
    for _ in 0..LOOKS {
        match reporters.try_lock() {
            Err(TryLockError::WouldBlock) => thread::park_timeout(Duration::from_millis(1)),
            locked => return locked.ok(),
        }
    }
    None
}

/// Names what runs and which clean-up did not run, and counts the other tasks; each part on a line of
/// its own.
fn undone(run: &RunView) -> String {
    let (always, others): (Vec<_>, Vec<_>) = run.waiting().partition(|task| task.runs_always);
    let always = always.iter().map(|task| format!("`always` task {}", task.name));
    let teardowns = run.waiting_teardowns().map(|name| format!("teardown {name}"));
    let others = match others.len() {
        0 => None,
        1 => Some("1 other task".to_owned()),
        several => Some(format!("{several} other tasks")),
    };
    let undone: Vec<String> = always.chain(teardowns).chain(others).collect();
    let line = |what: &str, names: &[String]| match names {
        [] => String::new(),
        names => format!("\n  {what}: {}", names.join(", ")),
    };
    let hook = run.running_hook().map(|hook| format!("{} {}", hook.hook, hook.name));
    let tasks = run.running_tasks().map(|task| task.name.clone());
    let abandoned = run.awaited.iter().map(|name| format!("{name} (abandoned)"));
    let running: Vec<String> = hook.into_iter().chain(tasks).chain(abandoned).collect();
    line("still running", &running) + &line("did not run", &undone)
}
