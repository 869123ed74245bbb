//! What the conductor sees of a worker: its task, and whether its body was abandoned.
//!
//! A `Worker` belongs to one loop. When the conductor abandons its body, another loop takes over the
//! index with a `Worker` of its own, and the first loop leaves when its body returns.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

use crate::graph::TaskId;

/// Aligned, so that workers do not write to each other's cache lines.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Worker {
    pub(crate) index: usize,
    task: AtomicU32,
    abandoned: AtomicBool,
    /// Ended tasks that the run has not counted yet, as one counter for all workers would cost more than
    /// the tasks. Only the loop adds to it.
    uncounted: AtomicUsize,
    /// Its abandoned body has returned.
    returned: AtomicBool,
}

/// A body that the conductor abandoned. Its task may run once more meanwhile.
#[derive(Debug)]
pub(super) struct AbandonedBody {
    pub(super) task: TaskId,
    pub(super) worker: Arc<Worker>,
}

const NO_TASK: u32 = u32::MAX;

impl Worker {
    pub(crate) fn new(index: usize) -> Arc<Self> {
        Arc::new(Self {
            index,
            task: AtomicU32::new(NO_TASK),
            abandoned: AtomicBool::new(false),
            uncounted: AtomicUsize::new(0),
            returned: AtomicBool::new(false),
        })
    }

    /// Records the task that the loop is about to start. The conductor that finds the task running
    /// then finds its worker.
    pub(crate) fn begin(&self, task: TaskId) {
        self.task.store(task.0, Ordering::Release);
    }

    /// Records that the loop runs nothing.
    pub(crate) fn end(&self) {
        self.task.store(NO_TASK, Ordering::Release);
    }

    /// The task that the loop runs.
    pub(crate) fn task(&self) -> Option<TaskId> {
        let task = self.task.load(Ordering::Acquire);
        (task != NO_TASK).then_some(TaskId(task))
    }

    /// Adds ended tasks, for the run to count later.
    pub(crate) fn note_ended(&self, ended: usize) {
        let noted = self.uncounted.load(Ordering::Relaxed);
        self.uncounted.store(noted + ended, Ordering::Relaxed);
    }

    /// Takes the ended tasks that the run has not counted.
    pub(crate) fn take_uncounted(&self) -> usize {
        self.uncounted.swap(0, Ordering::Relaxed)
    }

    /// Abandons the body of the loop; `false` when it was abandoned already.
    pub(crate) fn abandon(&self) -> bool {
        !self.abandoned.swap(true, Ordering::AcqRel)
    }

    /// Whether another loop has the index, or soon has it.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Acquire)
    }

    /// Records that an abandoned body has returned.
    pub(crate) fn body_returned(&self) {
        self.returned.store(true, Ordering::Release);
    }
}

impl AbandonedBody {
    pub(super) fn still_runs(&self) -> bool {
        !self.worker.returned.load(Ordering::Acquire)
    }
}
