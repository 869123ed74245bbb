//! When and where a task ran.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use super::Table;
use super::story::Cut;
use crate::graph::TaskId;

#[derive(Debug)]
pub(crate) struct Record {
    started: AtomicU64,
    ended: AtomicU64,
    worker: AtomicU32,
}

const NO_WORKER: u32 = u32::MAX;

impl Default for Record {
    fn default() -> Self {
        Self {
            started: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            worker: AtomicU32::new(NO_WORKER),
        }
    }
}

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

    /// The task ends now, and its body goes on.
    pub(crate) fn note_given_up(&self, task: TaskId, at: u64) {
        self.cut_story(task, Cut { at, worker: self.seen_worker(task) });
    }

    /// The worker that ran the task. A body that was just about to begin when its task was given up
    /// never counts as begun.
    pub(crate) fn worker(&self, task: TaskId) -> Option<usize> {
        let seen = || self.seen_worker(task).filter(|_| !self.never_ran(task));
        self.cut(task).map_or_else(seen, |cut| cut.worker)
    }

    fn seen_worker(&self, task: TaskId) -> Option<usize> {
        let worker = self.machine.record(task).worker.load(Ordering::Relaxed);
        (worker != NO_WORKER).then_some(worker as usize)
    }

    /// When the body began and ended, since the start of the run; one that still runs ends now.
    pub(crate) fn times(&self, task: TaskId, now: u64) -> Option<(Duration, Duration)> {
        self.worker(task)?;
        let record = self.machine.record(task);
        let started = record.started.load(Ordering::Relaxed);
        let ended = match record.ended.load(Ordering::Relaxed) {
            0 => now,
            ended => ended,
        };
        // A body that came back in that very moment may have noted its own end.
        let ended = self.cut(task).map_or(ended, |cut| cut.at);
        Some((Duration::from_nanos(started), Duration::from_nanos(ended.max(started))))
    }
}
