//! What a run came to.

mod counts;
mod task;

use std::fmt;
use std::ops::Index;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub use counts::Counts;
pub use task::TaskReport;
use thiserror::Error;

use crate::engine::{Conducted, HookFailure, Table};
use crate::event::StopReason;
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::state::State;

/// What a run came to.
///
/// ```
/// let mut runner = concurra_core::Runner::new();
/// runner.add("answer", || 42);
/// let report = runner.run().unwrap();
/// assert!(report.is_good());
/// assert_eq!(*report["answer"].result::<i32>().unwrap(), 42);
/// ```
pub struct Report {
    table: Arc<Table>,
    state: Arc<State>,
    /// Made when somebody asks: a run of a million tasks is often only counted.
    tasks: OnceLock<Vec<TaskReport>>,
    hooks: Vec<HookFailure>,
    stopped: Option<StopReason>,
    warnings: Vec<String>,
    duration: Duration,
}

/// A run in which not everything passed.
#[derive(Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct RunFailed {
    message: String,
}

impl fmt::Debug for RunFailed {
    /// The message itself, as this is what a `main` that returns the error prints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl Report {
    pub(crate) fn new(conducted: Conducted, state: Arc<State>) -> Self {
        let Conducted { table, hooks, stopped, warnings, duration } = conducted;
        let tasks = OnceLock::new();
        Self { table, state, tasks, hooks, stopped, warnings, duration }
    }

    /// Whether the run finished and nothing failed, timed out or was cancelled, hooks included.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let bad = Outcome::ALL.into_iter().filter(|outcome| outcome.is_bad());
        let counts = self.counts();
        self.hooks.is_empty()
            && self.stopped.is_none()
            && bad.map(|outcome| counts.of(outcome)).sum::<usize>() == 0
    }

    /// The tasks in the order in which they were added or stand in the source.
    #[must_use]
    pub fn tasks(&self) -> &[TaskReport] {
        self.tasks.get_or_init(|| {
            let task = |id| TaskReport::new(Arc::clone(&self.table), id);
            self.table.plan.graph().tasks().map(task).collect()
        })
    }

    /// A task by its whole name, or by a suffix that only one task has.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&TaskReport> {
        match self.table.plan.find(name).as_slice() {
            [only] => self.tasks().get(only.index()),
            _ => None,
        }
    }

    /// What the tasks shared.
    #[must_use]
    pub const fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// The plan that was run.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.table.plan
    }

    /// How many tasks ended how.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for task in self.table.plan.graph().tasks() {
            counts.add(self.table.outcome(task));
        }
        counts
    }

    /// Setups and teardowns that failed.
    #[must_use]
    pub fn hook_failures(&self) -> &[HookFailure] {
        &self.hooks
    }

    /// Why the run was stopped before its end.
    #[must_use]
    pub const fn stopped(&self) -> Option<StopReason> {
        self.stopped
    }

    /// What went wrong beside the tasks: panicking callbacks, bodies that still run.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    pub(crate) fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    /// How long the run took, hooks included.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        self.duration
    }

    /// Checks that the run was good.
    ///
    /// # Errors
    /// The run was not good; the message is the report.
    pub fn verify(&self) -> Result<(), RunFailed> {
        if self.is_good() { Ok(()) } else { Err(RunFailed { message: self.to_string() }) }
    }
}

impl Index<&str> for Report {
    type Output = TaskReport;

    /// The task of that name; panics when there is none, [`Report::get`] does not.
    fn index(&self, name: &str) -> &TaskReport {
        self.get(name).unwrap_or_else(|| panic!("the report has no task `{name}`"))
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("counts", &self.counts().to_string()).finish_non_exhaustive()
    }
}

impl fmt::Display for Report {
    /// The table of tasks, then what failed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.tasks().iter().map(|task| task.name().chars().count()).max().unwrap_or(0);
        for task in self.tasks() {
            let duration = task.duration().map_or_else(
                || "-".to_owned(),
                |duration| format!("{:.3}s", duration.as_secs_f64()),
            );
            writeln!(f, "{:width$} | {:9} | {duration}", task.name(), task.outcome())?;
        }
        for hook in &self.hooks {
            let kind = if hook.setup { "setup" } else { "teardown" };
            writeln!(f, "{kind} {} failed: {}", hook.name, hook.failure)?;
        }
        for task in self.tasks() {
            if let Some(failure) = task.failure() {
                writeln!(f, "{}: {failure}", task.name())?;
            }
        }
        write!(f, "{} in {:.2}s", self.counts(), self.duration.as_secs_f64())
    }
}
