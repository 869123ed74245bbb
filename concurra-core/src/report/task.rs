//! What one task came to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::Table;
use crate::failure::Failure;
use crate::graph::TaskId;
use crate::outcome::{ExecutionMode, Outcome};
use crate::plan::PlannedTask;
use crate::state::{ResultError, ResultsView};

/// What one task came to.
#[derive(Clone)]
pub struct TaskReport {
    table: Arc<Table>,
    id: TaskId,
}

impl TaskReport {
    pub(super) const fn new(table: Arc<Table>, id: TaskId) -> Self {
        Self { table, id }
    }

    fn planned(&self) -> &PlannedTask {
        self.table.plan.task(self.id)
    }

    /// The task's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.planned().name()
    }

    /// The task as it was planned: tags, place.
    #[must_use]
    pub fn task(&self) -> &PlannedTask {
        self.planned()
    }

    /// The task's index in the plan.
    #[must_use]
    pub const fn id(&self) -> TaskId {
        self.id
    }

    /// How the task ended.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.table.outcome(self.id)
    }

    /// The task's result.
    ///
    /// # Errors
    /// The task did not pass, or its result has another type.
    pub fn result<T: Send + Sync + 'static>(&self) -> Result<Arc<T>, ResultError> {
        let table: Arc<Table> = Arc::clone(&self.table);
        ResultsView::of(table).get(self.name())
    }

    /// How long the body ran; `None` when it never started.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        let (started, ended) = self.table.times(self.id, 0)?;
        Some(ended - started)
    }

    /// When the body started, since the start of the run.
    #[must_use]
    pub fn started(&self) -> Option<Duration> {
        self.table.times(self.id, 0).map(|(started, _)| started)
    }

    /// The number of the worker that ran it, from 0.
    #[must_use]
    pub fn worker(&self) -> Option<usize> {
        self.table.worker(self.id)
    }

    /// Why it failed.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.table.failure(self.id)
    }

    /// How many attempts were made; 0 when it never started.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.table.attempts(self.id)
    }

    /// How many attempts there could have been after the first.
    #[must_use]
    pub fn retries(&self) -> u32 {
        self.table.retries(self.id)
    }

    /// What the attempts said that were followed by another.
    #[must_use]
    pub fn retry_errors(&self) -> Vec<Failure> {
        self.table.retry_errors(self.id)
    }

    /// Whether it passed after attempts that failed.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        self.outcome() == Outcome::Passed && self.attempts() > 1
    }

    /// How the body was run; `None` when it never started.
    #[must_use]
    pub fn execution_mode(&self) -> Option<ExecutionMode> {
        self.table.mode(self.id)
    }

    /// What is to be said of how it was run.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.table.warning(self.id)
    }

    /// The task at the root of a skip, however far up.
    #[must_use]
    pub fn root_cause(&self) -> Option<TaskId> {
        let skipped = self.outcome() == Outcome::Skipped;
        self.table.machine.cause(self.id).filter(|_| skipped)
    }

    /// Whether it failed, or did not run as something else failed.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        self.table.is_bad(self.id)
    }

    /// Why it did not run: `load failed`, `interrupted`, or the reason given to `skip!`.
    #[must_use]
    pub fn cause(&self) -> Option<String> {
        self.table.cause(self.id)
    }
}

impl fmt::Debug for TaskReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskReport")
            .field("name", &self.name())
            .field("outcome", &self.outcome())
            .finish_non_exhaustive()
    }
}
