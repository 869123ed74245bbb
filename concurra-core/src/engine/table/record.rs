//! The times and the worker of a task.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Table;
use crate::graph::TaskId;
use crate::task::NO_WORKER;

impl Table {
    pub(crate) fn note_start(&self, task: TaskId, worker: usize, at: u64) {
        let record = self.machine.record(task);
        record.started.store(at, Ordering::Relaxed);
        record.worker.store(u32::try_from(worker).unwrap_or(NO_WORKER), Ordering::Relaxed);
    }

    pub(crate) fn note_end(&self, task: TaskId, at: u64) {
        // Zero stands for a body that still runs.
        self.machine.record(task).ended.store(at.max(1), Ordering::Relaxed);
    }

    /// When the body of the task ended; zero before.
    pub(crate) fn ended(&self, task: TaskId) -> u64 {
        self.machine.record(task).ended.load(Ordering::Relaxed)
    }

    /// The worker that began the task.
    pub(super) fn seen_worker(&self, task: TaskId) -> Option<usize> {
        let worker = self.machine.record(task).worker.load(Ordering::Relaxed);
        (worker != NO_WORKER).then_some(worker as usize)
    }

    /// When the first attempt began and when the task ended, since the start of the run. A running task
    /// counts as ending now.
    pub(crate) fn times(&self, task: TaskId, now: u64) -> Option<(Duration, Duration)> {
        self.worker(task)?;
        let record = self.machine.record(task);
        let started = record.started.load(Ordering::Relaxed);
        let ended = match record.ended.load(Ordering::Relaxed) {
            0 => now,
            ended => ended,
        };
        // The body may have returned, and noted a later end, just after it was abandoned.
        let ended = self.abandoned(task).unwrap_or(ended);
        Some((Duration::from_nanos(started), Duration::from_nanos(ended.max(started))))
    }
}
