//! A run in the background.

use std::fmt;
use std::panic;
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::engine::{Canceller, Table};
use crate::event::StopReason;
use crate::graph::TaskId;
use crate::report::Report;

/// A run in the background.
///
/// A run goes on after its `Running` is dropped, as a thread does after its `JoinHandle`: its tasks
/// finish unless the process ends before them, which ends its commands too. The report is lost. A
/// [`canceller`](Self::canceller) still reaches the run.
///
/// ```
/// let mut runner = concurra_core::Runner::new();
/// runner.add("answer", || 42);
/// let run = runner.start().unwrap();
/// assert_eq!(run.progress().total, 1);
/// assert_eq!(*run.wait()["answer"].result::<i32>().unwrap(), 42);
/// ```
#[must_use = "`wait` returns the report, which is lost otherwise"]
pub struct Running {
    pub(super) thread: JoinHandle<Report>,
    pub(super) table: Arc<Table>,
    pub(super) canceller: Canceller,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of all tasks.
    pub total: usize,
    /// How many have ended, with any outcome.
    pub done: usize,
    /// How many are running.
    pub active: usize,
}

impl Running {
    /// Whether the run is not over: tasks, teardowns or callbacks are still to come.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.thread.is_finished()
    }

    /// The names of the tasks that are running, in the order in which they were added.
    #[must_use]
    pub fn active(&self) -> Vec<String> {
        let name = |task| self.table.plan.task(task).name().to_owned();
        self.running().map(name).collect()
    }

    /// How far the run is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let ended = |task: &TaskId| self.table.machine.outcome(*task).is_some();
        let graph = self.table.plan.graph();
        Progress {
            total: graph.len(),
            done: graph.tasks().filter(ended).count(),
            active: self.running().count(),
        }
    }

    fn running(&self) -> impl Iterator<Item = TaskId> {
        self.table.plan.graph().tasks().filter(|task| self.table.machine.is_running(*task))
    }

    /// Waits for the end of the run.
    pub fn wait(self) -> Report {
        self.thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
    }

    /// Stops the run at once and returns its report. Tasks that have not finished are `cancelled`,
    /// their processes are killed, and late results are dropped. Teardowns run if setups did. The
    /// call waits for teardowns, and for a setup or a callback that is running.
    pub fn abort(self) -> Report {
        self.canceller.stop(StopReason::Abort);
        self.wait()
    }

    /// A handle that stops the run from any thread.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("progress", &self.progress()).finish_non_exhaustive()
    }
}
