//! The report of a run. Secrets are masked in it, except in Concurra's own words and in names from the
//! source, which are never secret.

mod failed;
mod json;
mod table;
mod task;
mod text;

use std::borrow::Cow;
use std::fmt;
use std::ops::Index;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

pub use failed::RunFailed;
pub use task::TaskReport;

use crate::counts::Counts;
use crate::engine::{Conducted, Warning};
use crate::event::{HookFinished, StopReason};
use crate::failure::Failure;
use crate::plan::Plan;
use crate::state::{Results, State};

/// The report of a run: how each task ended, with its result.
///
/// ```
/// let mut runner = concurra_core::Runner::new();
/// runner.add("answer", || 42);
/// let report = runner.run().unwrap();
/// assert!(report.is_good());
/// assert_eq!(*report["answer"].result::<i32>().unwrap(), 42);
/// ```
pub struct Report {
    run: Conducted,
    name: Option<String>,
    state: Arc<State>,
    /// Made on the first call of [`Report::tasks`]: a run of a million tasks is often only counted.
    tasks: OnceLock<Vec<TaskReport>>,
}

impl Report {
    pub(crate) const fn new(run: Conducted, state: Arc<State>, name: Option<String>) -> Self {
        Self { run, name, state, tasks: OnceLock::new() }
    }

    /// The name of the runner.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether the run finished and nothing failed, timed out or was cancelled, hooks included.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.run.table.is_good(&self.run.hooks, self.run.stopped)
    }

    /// The tasks in the order in which they were added or stand in the source.
    #[must_use]
    pub fn tasks(&self) -> &[TaskReport] {
        self.tasks.get_or_init(|| {
            let task =
                |id| TaskReport { table: Arc::clone(&self.run.table), id, epoch: self.run.started };
            self.run.table.plan.graph().tasks().map(task).collect()
        })
    }

    /// A task by its whole name, or by a suffix that only one task has.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&TaskReport> {
        self.tasks().get(self.run.table.plan.get(name)?.index())
    }

    /// The state that the tasks shared.
    #[must_use]
    pub const fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// The plan that was run.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.run.table.plan
    }

    /// How many tasks ended how.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.run.table.counts()
    }

    /// The setups and teardowns that ran.
    #[must_use]
    pub fn hooks(&self) -> &[HookFinished] {
        &self.run.hooks
    }

    /// The hooks that failed, each with its failure.
    pub fn hook_failures(&self) -> impl Iterator<Item = (&HookFinished, &Failure)> {
        self.run.hooks.iter().filter_map(|hook| Some((hook, hook.failure.as_ref()?)))
    }

    /// Why the run was stopped before its end.
    #[must_use]
    pub const fn stopped(&self) -> Option<StopReason> {
        self.run.stopped
    }

    /// Problems outside of the tasks: panicking callbacks, bodies that still run.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.run.warnings.iter().map(|warning| warning.text(&self.run.table)).collect()
    }

    pub(crate) fn warn(&mut self, warning: Warning) {
        self.run.warnings.push(warning);
    }

    /// When the run began, before its setups.
    #[must_use]
    pub const fn start_time(&self) -> SystemTime {
        self.run.started
    }

    /// When the run ended, after its teardowns.
    #[must_use]
    pub fn end_time(&self) -> SystemTime {
        self.run.started + self.run.duration
    }

    /// How long the run took, hooks included.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        self.run.duration
    }

    /// The text with `***` in place of everything secret.
    #[doc(hidden)]
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.run.table.mask(text)
    }
}

impl Index<&str> for Report {
    type Output = TaskReport;

    /// The task of that name; panics when there is none, [`Report::get`] does not.
    #[track_caller]
    fn index(&self, name: &str) -> &TaskReport {
        match self.get(name) {
            Some(task) => task,
            // A closure would be the place that the panic names.
            None => match self.run.table.lookup(name) {
                Err(error) => panic!("{error}"),
                Ok(_) => unreachable!("no task has the result"),
            },
        }
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("counts", &self.counts().to_string()).finish_non_exhaustive()
    }
}
