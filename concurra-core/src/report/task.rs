//! What one task came to.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::engine::Table;
use crate::event::{AttemptRecord, Finished, TaskOutput};
use crate::failure::Failure;
use crate::graph::TaskId;
use crate::outcome::{ExecutionMode, Outcome};
use crate::plan::PlannedTask;
use crate::state::{ResultError, ResultsView};
use crate::task::{Body, What};
use crate::view::trace;

/// What one task came to.
#[derive(Clone)]
pub struct TaskReport {
    pub(super) table: Arc<Table>,
    id: TaskId,
    /// The wall clock at the start of the run.
    pub(super) epoch: SystemTime,
}

impl TaskReport {
    pub(super) const fn new(table: Arc<Table>, id: TaskId, epoch: SystemTime) -> Self {
        Self { table, id, epoch }
    }

    /// The task's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.planned().name()
    }

    /// What the task runs: the path of its function, `closure`, or its command without its secrets.
    #[must_use]
    pub fn task(&self) -> String {
        self.table.what(self.id)
    }

    pub(super) fn command(&self) -> Option<String> {
        let Body::Special(special) = self.table.body(self.id) else { return None };
        let What::Command(spec) = &special.what else { return None };
        Some(spec.line())
    }

    /// The tasks of the run that it waited for.
    #[must_use]
    pub fn after(&self) -> Vec<Self> {
        let of = |id: &TaskId| Self::new(Arc::clone(&self.table), *id, self.epoch);
        self.table.plan.graph().dependencies(self.id).iter().map(of).collect()
    }

    /// The task's tags.
    pub fn tags(&self) -> impl ExactSizeIterator<Item = &str> {
        self.planned().tags()
    }

    /// The task as it was planned: place, what decided its outcome beforehand.
    #[must_use]
    pub fn planned(&self) -> &PlannedTask {
        self.table.plan.task(self.id)
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

    /// The task's result; of a command also when it failed.
    ///
    /// # Errors
    /// The task did not pass, or its result has another type.
    pub fn result<T: Send + Sync + 'static>(&self) -> Result<Arc<T>, ResultError> {
        let table: Arc<Table> = Arc::clone(&self.table);
        ResultsView::of(table).get(self.name())
    }

    /// When the first attempt started; `None` when none did.
    #[must_use]
    pub fn start_time(&self) -> Option<SystemTime> {
        self.table.times(self.id, 0).map(|(started, _)| self.epoch + started)
    }

    /// When the task ended; `None` when it never started.
    #[must_use]
    pub fn end_time(&self) -> Option<SystemTime> {
        self.table.times(self.id, 0).map(|(_, ended)| self.epoch + ended)
    }

    /// How long it took from the start of the first attempt to the end of the task: all attempts and
    /// the waits between them, for a backoff and for a free worker. `None` when it never started.
    ///
    /// A task that times out or is cancelled ends at that moment, although its body may go on; so does a
    /// task that is stopped while it waits for its next attempt.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        let (started, ended) = self.table.times(self.id, 0)?;
        Some(ended - started)
    }

    /// When the first attempt started, since the start of the run.
    #[must_use]
    pub fn started(&self) -> Option<Duration> {
        self.table.times(self.id, 0).map(|(started, _)| started)
    }

    /// The number of the worker that ran its first attempt, from 0; a later one may have another.
    #[must_use]
    pub fn worker(&self) -> Option<usize> {
        self.table.worker(self.id)
    }

    /// Why it failed.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.table.failure(self.id)
    }

    /// Why it failed: the message with its causes.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        self.failure().map(|failure| failure.to_string())
    }

    /// Where it panicked, and the backtrace when `RUST_BACKTRACE` asks for one.
    #[must_use]
    pub fn trace(&self) -> Option<String> {
        self.failure().as_ref().and_then(trace)
    }

    /// How many attempts were made; 0 when it never started.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.table.attempts(self.id)
    }

    /// Its attempts, in their order; none when it never started.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new().retries(1);
    /// runner.add("fails", || Err::<(), _>("no"));
    /// let report = runner.run().unwrap();
    /// let attempts = report["fails"].attempt_records();
    /// assert_eq!(attempts.iter().map(|attempt| attempt.number).collect::<Vec<_>>(), [1, 2]);
    /// ```
    #[must_use]
    pub fn attempt_records(&self) -> Vec<AttemptRecord> {
        self.end().all_attempts()
    }

    /// How many attempts there could have been after the first.
    #[must_use]
    pub fn retries(&self) -> u32 {
        self.table.retries(self.id)
    }

    /// How long each attempt may take; `None` when it may take as long as it likes.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.table.timeout(self.id)
    }

    /// Whether there was more than one attempt.
    #[must_use]
    pub fn retried(&self) -> bool {
        self.attempts() > 1
    }

    /// Why each attempt failed, in their order; of those that timed out the ones that another
    /// followed.
    #[must_use]
    pub fn retry_errors(&self) -> Vec<Failure> {
        let failed =
            |attempt: &AttemptRecord| attempt.is_retried || attempt.outcome == Outcome::Failed;
        let attempts = self.attempt_records().into_iter().filter(failed);
        attempts.filter_map(|attempt| attempt.failure).collect()
    }

    /// How the task ended, as events have it.
    pub(super) fn end(&self) -> Finished {
        self.table.finished(self.id, self.outcome(), 0)
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

    /// What it wrote, when it ran in another process.
    #[must_use]
    pub fn output(&self) -> Option<TaskOutput> {
        self.table.output(self.id)
    }

    /// What is to be said of how it was run.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.table.warning(self.id)
    }

    /// The task at the root of a skip, however far up.
    #[must_use]
    pub fn root_cause(&self) -> Option<TaskId> {
        self.table.root(self.id)
    }

    /// Whether it failed, took too long, was cancelled, or did not run as something else failed.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        self.table.is_bad(self.id)
    }

    /// Why it did not run, or was cancelled while it did: `load failed`, `interrupted`, or the reason
    /// given to `skip!`.
    #[must_use]
    pub fn cause(&self) -> Option<String> {
        self.table.cause(self.id)
    }
}

impl fmt::Debug for TaskReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskReport")
            .field("name", &self.shown_name())
            .field("outcome", &self.outcome())
            .finish_non_exhaustive()
    }
}
