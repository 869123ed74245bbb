//! The one place where a task's status changes.
//!
//! Pure: unaware of threads, clocks, bodies and results. Its cells are atomic, so that workers may
//! call it at the same time. Each change is one compare-and-swap that exactly one caller wins.

mod cell;
mod status;
mod stop;

use std::sync::atomic::{AtomicU8, Ordering, fence};

pub use cell::Cell;
pub use stop::Reach;

use crate::graph::{Graph, TaskId};
use crate::outcome::Outcome;

/// A consequence of a change, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The task may start.
    Ready(TaskId),
    /// The task ended without a run of its body.
    Ended(TaskId, Outcome),
    /// The task was cancelled while it ran.
    Abandoned(TaskId),
}

/// The status of every task of a run, with a record and a content for each. The content belongs to the
/// caller that first starts or takes the task.
#[derive(Debug)]
pub struct Machine<R = (), C = ()> {
    cells: Vec<Cell<R, C>>,
    run_dependents: bool,
    /// `GOING`, `STOPPING` or `RESUMED`.
    course: AtomicU8,
}

/// Ready tasks start.
const GOING: u8 = 0;
/// No task starts.
const STOPPING: u8 = 1;
/// Only tasks that run always start.
const RESUMED: u8 = 2;

const NO_CAUSE: u32 = u32::MAX;
const WAITING: u8 = 0;
const RUNNING: u8 = 1;
/// Waits until the other tasks of a stopped run have ended.
const POSTPONED: u8 = 2;
const FIRST_OUTCOME: u8 = 3;

fn encode(outcome: Outcome) -> u8 {
    FIRST_OUTCOME + outcome as u8
}

fn decode(status: u8) -> Option<Outcome> {
    Outcome::ALL.get(usize::from(status.checked_sub(FIRST_OUTCOME)?)).copied()
}

impl<R, C> Machine<R, C> {
    /// A machine of tasks that all wait. With `run_dependents`, bad outcomes do not skip dependents.
    #[must_use]
    pub const fn new(run_dependents: bool, cells: Vec<Cell<R, C>>) -> Self {
        Self { cells, run_dependents, course: AtomicU8::new(GOING) }
    }

    /// The caller's record of a task.
    pub fn record(&self, task: TaskId) -> &R {
        &self.cell(task).record
    }

    /// Ends tasks with a known outcome and releases tasks without dependencies.
    pub fn begin(
        &self,
        graph: &Graph,
        known: impl IntoIterator<Item = (TaskId, Outcome)>,
        mut step: impl FnMut(Step),
    ) {
        let mut ready: Vec<TaskId> =
            graph.tasks().filter(|task| graph.fan_in(*task) == 0).collect();
        let mut are_some_ended = false;
        for (task, outcome) in known {
            if self.end(task, WAITING, outcome) {
                are_some_ended = true;
                step(Step::Ended(task, outcome));
                self.release(graph, task, outcome, &mut |next| match next {
                    Step::Ready(task) => ready.push(task),
                    ended => step(ended),
                });
            }
        }
        if are_some_ended {
            ready.retain(|task| self.outcome(*task).is_none());
            ready.sort_unstable();
        }
        ready.into_iter().for_each(|task| step(Step::Ready(task)));
    }

    /// Starts a ready task. Returns the content of the task unless an earlier caller took it; `None` if the
    /// run stops or the task has ended.
    #[must_use]
    pub fn start(&self, task: TaskId) -> Option<Option<&mut C>> {
        let status = &self.cell(task).status;
        if self.is_stopping() { None } else { status.turn_and_take(WAITING, RUNNING) }
    }

    /// Takes the content of a task; `None` if an earlier caller took it.
    #[must_use]
    pub fn take(&self, task: TaskId) -> Option<&mut C> {
        self.cell(task).status.take()
    }

    /// Returns a running task to be started again; `false` if the run stops, and then the caller has
    /// to finish the task.
    #[must_use]
    pub fn again(&self, task: TaskId) -> bool {
        if self.is_stopping() || !self.turn(task, RUNNING, WAITING) {
            return false;
        }
        // A sweep that passed the task while it ran would leave it waiting for ever. The sweep begins
        // after the stop, so either the sweep sees the change or this caller sees the stop.
        fence(Ordering::SeqCst);
        !(self.is_stopping() && self.turn(task, WAITING, RUNNING))
    }

    /// Ends a running task. `false` if another caller has ended it; the result is then dropped.
    ///
    /// A thread that sees the outcome sees all that was written before.
    #[must_use]
    pub fn finish(&self, task: TaskId, outcome: Outcome) -> bool {
        self.end(task, RUNNING, outcome)
    }

    /// Releases the dependents of a task that ended; skips all dependents, direct or not, that cannot
    /// run any more.
    pub fn release(
        &self,
        graph: &Graph,
        task: TaskId,
        outcome: Outcome,
        step: &mut impl FnMut(Step),
    ) {
        let mut root = if self.blocks(outcome) { self.root(task) } else { NO_CAUSE };
        let (mut task, mut skipped) = (task, Vec::new());
        loop {
            for &dependent in graph.dependents(task) {
                let cell = self.cell(dependent);
                // A sweep may have ended the dependent; later outcomes are not its cause.
                if root != NO_CAUSE && !cell.status.is_always() && cell.waits() {
                    cell.cause.fetch_min(root, Ordering::Relaxed);
                }
                if !cell.is_last(graph.fan_in(dependent)) || !cell.waits() {
                    continue;
                }
                if cell.cause.load(Ordering::Relaxed) == NO_CAUSE {
                    step(Step::Ready(dependent));
                } else if self.end(dependent, WAITING, Outcome::Skipped) {
                    step(Step::Ended(dependent, Outcome::Skipped));
                    skipped.push(dependent);
                }
            }
            let Some(next) = skipped.pop() else { return };
            (task, root) = (next, self.cell(next).cause.load(Ordering::Relaxed));
        }
    }

    /// The outcome, once the task has ended.
    #[must_use]
    pub fn outcome(&self, task: TaskId) -> Option<Outcome> {
        decode(self.cell(task).status.get())
    }

    /// How many tasks wait or run.
    #[must_use]
    pub fn unended(&self) -> usize {
        let open = |cell: &&Cell<R, C>| cell.status.get() < POSTPONED;
        self.cells.iter().filter(open).count()
    }

    /// Whether a worker has the task.
    #[must_use]
    pub fn is_running(&self, task: TaskId) -> bool {
        self.cell(task).status.get() == RUNNING
    }

    /// The root cause of a skip: the task that failed, was ignored or skipped itself.
    #[must_use]
    pub fn cause(&self, task: TaskId) -> Option<TaskId> {
        let cause = self.cell(task).cause.load(Ordering::Relaxed);
        (cause != NO_CAUSE).then_some(TaskId(cause))
    }

    /// The root cause for dependents of the task.
    fn root(&self, task: TaskId) -> u32 {
        let inherited = self.cell(task).cause.load(Ordering::Relaxed);
        let skipped = self.outcome(task) == Some(Outcome::Skipped);
        if skipped && inherited != NO_CAUSE { inherited } else { task.0 }
    }

    /// Whether dependents of a task with this outcome are skipped. A cancelled task is not a cause: the
    /// stop cancels its dependents as well.
    fn blocks(&self, outcome: Outcome) -> bool {
        !self.run_dependents && !outcome.satisfies() && outcome != Outcome::Cancelled
    }

    fn end(&self, task: TaskId, from: u8, outcome: Outcome) -> bool {
        self.turn(task, from, encode(outcome))
    }

    fn turn(&self, task: TaskId, from: u8, to: u8) -> bool {
        self.cell(task).status.turn(from, to)
    }

    fn cell(&self, task: TaskId) -> &Cell<R, C> {
        &self.cells[task.index()]
    }
}
