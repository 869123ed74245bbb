//! A run in the background.

use std::fmt;
use std::panic;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::engine::{Canceller, Table};
use crate::event::StopReason;
use crate::failure::Discarded;
use crate::graph::TaskId;
use crate::report::Report;
use crate::sync::lock;

/// A run in the background.
///
/// A run goes on after its `Running` is dropped, as a thread does after its `JoinHandle`: its tasks
/// finish unless the process ends before them, which ends its commands too. The report is lost, and so
/// is a panic in the `Drop` of a result. A
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
    pub(super) thread: JoinHandle<()>,
    pub(super) shared: Discarded<Arc<Shared>>,
    pub(super) canceller: Canceller,
}

/// Shared by the run's thread and [`Running`]. The last of the two to drop it also drops the results, unless
/// the caller took the report.
pub(super) struct Shared {
    pub(super) table: Arc<Table>,
    /// Set at the end of the run.
    pub(super) report: Mutex<Option<Report>>,
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
        let name = |task| self.shared.table.plan.task(task).name().to_owned();
        self.running().map(name).collect()
    }

    /// How far the run is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let ended = |task: &TaskId| self.shared.table.machine.outcome(*task).is_some();
        let graph = self.shared.table.plan.graph();
        Progress {
            total: graph.len(),
            done: graph.tasks().filter(ended).count(),
            active: self.running().count(),
        }
    }

    fn running(&self) -> impl Iterator<Item = TaskId> {
        let table = &self.shared.table;
        table.plan.graph().tasks().filter(|task| table.machine.is_running(*task))
    }

    /// Waits for the end of the run.
    #[expect(clippy::missing_panics_doc, reason = "the run stores its report")]
    pub fn wait(self) -> Report {
        let Self { thread, shared, .. } = self;
        if let Err(panic) = thread.join() {
            panic::resume_unwind(panic);
        }
        let report = lock(&shared.report).take();
        report.expect("the thread has stored it")
    }

    /// Stops the run at once and returns its report. Tasks that have not finished are `cancelled`,
    /// their processes are killed, and late results are dropped. A setup that runs is
    /// abandoned. Teardowns run if setups did. The call waits for teardowns, and for a callback that is
    /// running.
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
