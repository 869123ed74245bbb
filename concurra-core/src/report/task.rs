//! The report of one task.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::engine::Table;
use crate::event::{AttemptRecord, Finished, TaskInfo, TaskOutput};
use crate::failure::Failure;
use crate::graph::TaskId;
use crate::outcome::{ExecutionMode, Outcome};
use crate::plan::PlannedTask;
use crate::state::{ResultError, ResultsView};
use crate::view::trace;

/// The report of one task.
#[derive(Clone)]
pub struct TaskReport {
    pub(super) table: Arc<Table>,
    pub(super) id: TaskId,
    /// The wall clock at the start of the run.
    pub(super) epoch: SystemTime,
}

impl TaskReport {
    /// The task's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.planned().name()
    }

    /// The index of the task in the plan.
    #[must_use]
    pub const fn id(&self) -> TaskId {
        self.id
    }

    /// The path of the task's function, `closure`, or its command.
    #[must_use]
    pub fn task(&self) -> String {
        self.table.body_text(self.id)
    }

    /// The tasks of the run that the task waited for.
    #[must_use]
    pub fn after(&self) -> Vec<Self> {
        let report = |id: &TaskId| Self { id: *id, ..self.clone() };
        self.table.plan.graph().dependencies(self.id).iter().map(report).collect()
    }

    /// The task's tags.
    pub fn tags(&self) -> impl ExactSizeIterator<Item = &str> {
        self.planned().tags()
    }

    /// The task in the plan.
    #[must_use]
    pub fn planned(&self) -> &PlannedTask {
        self.table.plan.task(self.id)
    }

    /// The task as events have it before it runs: its function, dependencies, tags and limits.
    #[must_use]
    pub fn info(&self) -> TaskInfo {
        self.table.info(self.id)
    }

    /// The end of the task as events have it: also its worker, its attempts and the root of a skip. Only
    /// `result` and `done` are missing.
    #[must_use]
    pub fn end(&self) -> Finished {
        self.table.finished(self.id, self.outcome(), 0)
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
        self.started().map(|started| self.epoch + started)
    }

    /// When the task ended; `None` when it never started.
    #[must_use]
    pub fn end_time(&self) -> Option<SystemTime> {
        self.table.times(self.id, 0).map(|(_, ended)| self.epoch + ended)
    }

    /// When the first attempt started, since the start of the run; `None` when none did.
    #[must_use]
    pub fn started(&self) -> Option<Duration> {
        self.table.times(self.id, 0).map(|(started, _)| started)
    }

    /// The index of the worker that ran the first attempt, from 0. A later attempt may have another.
    #[must_use]
    pub fn worker(&self) -> Option<usize> {
        self.table.worker(self.id)
    }

    /// How long it took from the start of the first attempt to the end of the task: all attempts and
    /// the waits between them, for a backoff and for a free worker. `None` when it never started.
    ///
    /// A task that times out or is cancelled ends at that moment, although its body may go on; so does a
    /// task that is stopped while it waits for its next attempt.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        self.table.times(self.id, 0).map(|(started, ended)| ended - started)
    }

    /// Why it failed, with the place of a panic and a backtrace when `RUST_BACKTRACE` asks for one.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.end().failure
    }

    /// Why it failed: the message with its causes.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        self.failure().map(|failure| failure.to_string())
    }

    /// The place of a panic, and its backtrace when `RUST_BACKTRACE` asks for one.
    #[must_use]
    pub fn trace(&self) -> Option<String> {
        self.failure().as_ref().and_then(trace)
    }

    /// Why it did not run, or was cancelled while it did: `load failed`, `interrupted`, or the reason
    /// in `skip!`.
    #[must_use]
    pub fn cause(&self) -> Option<String> {
        self.table.cause(self.id)
    }

    /// The task at the root of a skip, however far up.
    #[must_use]
    pub fn root_cause(&self) -> Option<TaskId> {
        self.table.root(self.id)
    }

    /// Whether it failed, timed out, was cancelled, or was skipped because another task failed.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        self.table.is_bad(self.id)
    }

    /// How many attempts there may be after the first.
    #[must_use]
    pub fn retries(&self) -> u32 {
        self.table.body(self.id).attributes().retries
    }

    /// How long each attempt may take; `None` when there is no limit.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.table.body(self.id).attributes().timeout
    }

    /// How many attempts were made; 0 when it never started.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.end().attempts
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

    /// Whether there was more than one attempt.
    #[must_use]
    pub fn retried(&self) -> bool {
        self.attempts() > 1
    }

    /// Why each attempt failed, in their order. An attempt that timed out counts only if another one
    /// followed.
    #[must_use]
    pub fn retry_errors(&self) -> Vec<Failure> {
        let attempts = self.end().attempt_records.into_iter();
        attempts.filter(AttemptRecord::has_failed).filter_map(|attempt| attempt.failure).collect()
    }

    /// Whether it passed after attempts that failed.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        self.outcome() == Outcome::Passed && self.retried()
    }

    /// How the body was run; `None` when it never started.
    #[must_use]
    pub fn execution_mode(&self) -> Option<ExecutionMode> {
        self.end().mode
    }

    /// The output of its last attempt, when that ran in another process.
    #[must_use]
    pub fn output(&self) -> Option<TaskOutput> {
        self.end().output
    }

    /// A warning: it ran on a thread instead of a process, or the parts of its secret result are unknown.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.table.warning(self.id)
    }
}

impl fmt::Debug for TaskReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskReport")
            .field("name", &self.table.shown_name(self.id))
            .field("outcome", &self.outcome())
            .finish_non_exhaustive()
    }
}
