//! Records of attempts.
//!
//! A plain task that passed at its first attempt has no record here: its cell in the machine has its
//! times and its worker.

use std::collections::HashMap;
use std::sync::MutexGuard;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Table;
use crate::event::{self, TaskOutput};
use crate::failure::{Ending, Failure};
use crate::graph::TaskId;
use crate::outcome::{ExecutionMode, Outcome};
use crate::sync::lock;
use crate::value::Value;

/// The record of one attempt. Times are in nanoseconds since the start of the run.
#[derive(Clone, Debug)]
pub(crate) struct AttemptRecord {
    /// From 1.
    pub(crate) number: u32,
    /// `None` when it failed before its body was called.
    pub(crate) worker: Option<usize>,
    pub(crate) started: u64,
    pub(crate) ended: u64,
    pub(crate) mode: ExecutionMode,
    /// `None` when it passed.
    pub(crate) ending: Option<Ending>,
    /// Another attempt follows.
    pub(crate) is_retried: bool,
    /// What it wrote, where that is captured.
    pub(crate) output: Option<TaskOutput>,
    /// The output of a command that did not pass.
    pub(crate) result: Option<Value>,
    pub(crate) warning: Option<String>,
}

/// The attempts of a task, in their order, and the last warning about them.
#[derive(Debug, Default)]
pub(super) struct History {
    records: Vec<AttemptRecord>,
    /// When the conductor abandoned the last attempt.
    abandoned: Option<u64>,
    warning: Option<String>,
}

impl AttemptRecord {
    /// An attempt in a worker's thread.
    pub(crate) const fn new(number: u32, worker: usize, started: u64, ended: u64) -> Self {
        Self {
            number,
            worker: Some(worker),
            started,
            ended,
            mode: ExecutionMode::Thread,
            ending: None,
            is_retried: false,
            output: None,
            result: None,
            warning: None,
        }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.ending.as_ref().map_or(Outcome::Passed, Ending::outcome)
    }

    /// Whether it has only its times and its worker.
    pub(crate) const fn is_simple(&self) -> bool {
        self.output.is_none() && self.warning.is_none()
    }
}

impl History {
    fn push(&mut self, mut record: AttemptRecord) {
        self.warning = record.warning.take().or(self.warning.take());
        self.records.push(record);
    }

    fn next_number(&self) -> u32 {
        u32::try_from(self.records.len()).unwrap_or(u32::MAX).saturating_add(1)
    }
}

impl Table {
    /// Ends a task with its last attempt, whose body goes on when it `is_abandoned`. When the task has
    /// ended already, returns `false` and drops the record.
    pub(crate) fn finish(&self, task: TaskId, record: AttemptRecord, is_abandoned: bool) -> bool {
        // A thread that sees the outcome and asks for the failure has to wait for the record.
        let mut histories = self.histories();
        let won = self.machine.finish(task, record.outcome());
        if won {
            let history = histories.entry(task).or_default();
            history.abandoned = is_abandoned.then_some(record.ended);
            history.push(record);
        }
        won
    }

    /// Records the start of a task and calls `send`, unless a stop has ended the task. A stop that ends it
    /// later waits for both: a task with an attempt is reported as started before it is reported as ended.
    pub(crate) fn start_unless_ended(
        &self,
        task: TaskId,
        worker: usize,
        at: u64,
        send: impl FnOnce(),
    ) -> bool {
        // `note_abandoned` takes the same lock, after the stop has ended the task.
        let _histories = self.histories();
        let runs = self.machine.is_running(task);
        if runs {
            self.note_start(task, worker, at);
            send();
        }
        runs
    }

    /// Records that a stop has cancelled a task whose body goes on.
    pub(crate) fn note_abandoned(&self, task: TaskId, begun: Option<u64>, now: u64) {
        let mut histories = self.histories();
        let history = histories.entry(task).or_default();
        let number = history.next_number();
        history.abandoned = Some(now);
        // A body that was only about to begin gets no record.
        let first = || Some(self.machine.record(task).started.load(Ordering::Relaxed));
        let later = |last: &AttemptRecord| begun.filter(|begun| *begun > last.started);
        let started = history.records.last().map_or_else(first, later);
        if let Some((worker, started)) = self.seen_worker(task).zip(started) {
            let record = AttemptRecord::new(number, worker, started, now.max(started));
            let (mode, ending) = (self.body(task).mode(), Some(Ending::Cancelled));
            history.push(AttemptRecord { mode, ending, ..record });
        }
    }

    /// Records an attempt that another one follows. With `gives_back` any worker may start that one.
    /// Returns the masked failure, or `None` when the conductor ended the task meanwhile.
    pub(crate) fn retry(
        &self,
        task: TaskId,
        record: AttemptRecord,
        gives_back: bool,
    ) -> Option<Failure> {
        let failure = self.failure_of(record.ending.as_ref()).unwrap_or_default();
        let mut histories = self.histories();
        let machine = &self.machine;
        if !(if gives_back { machine.again(task) } else { machine.is_running(task) }) {
            return None;
        }
        histories.entry(task).or_default().push(AttemptRecord { is_retried: true, ..record });
        drop(histories);
        Some(failure)
    }

    /// The number of the running attempt, or of the next one.
    pub(crate) fn attempt_number(&self, task: TaskId) -> u32 {
        self.histories().get(&task).map_or(1, History::next_number)
    }

    /// When the conductor abandoned the task's last attempt.
    pub(super) fn abandoned(&self, task: TaskId) -> Option<u64> {
        let outcome = self.machine.outcome(task);
        let may_be = matches!(outcome, Some(Outcome::Cancelled | Outcome::TimedOut));
        if may_be { self.histories().get(&task)?.abandoned } else { None }
    }

    /// The records of a task. Empty for a task that simply passed.
    pub(super) fn records(&self, task: TaskId) -> Vec<AttemptRecord> {
        self.histories().get(&task).map(|history| history.records.clone()).unwrap_or_default()
    }

    /// A record without secrets, for events.
    pub(super) fn masked_record(
        &self,
        task: TaskId,
        record: AttemptRecord,
    ) -> event::AttemptRecord {
        let started = Duration::from_nanos(record.started);
        event::AttemptRecord {
            number: record.number,
            started,
            duration: Duration::from_nanos(record.ended).saturating_sub(started),
            worker: record.worker,
            mode: record.mode,
            outcome: record.outcome(),
            is_retried: record.is_retried,
            failure: self.failure_of(record.ending.as_ref()),
            output: record.output.map(|output| self.masked_output(task, output)),
        }
    }

    /// The worker that ran the first attempt.
    pub(crate) fn worker(&self, task: TaskId) -> Option<usize> {
        use Outcome::{Cancelled, Failed, TimedOut};
        // Most tasks pass, and need no lock.
        if !matches!(self.machine.outcome(task), Some(Failed | Cancelled | TimedOut)) {
            return self.seen_worker(task);
        }
        let histories = self.histories();
        let Some(history) = histories.get(&task) else { return self.seen_worker(task) };
        match history.records.first() {
            Some(first) => first.worker,
            None => self.seen_worker(task).filter(|_| history.abandoned.is_none()),
        }
    }

    /// How many tasks passed after attempts that failed.
    pub(crate) fn flaky(&self) -> usize {
        let histories = self.histories();
        let several = histories.iter().filter(|(_, history)| history.records.len() > 1);
        several.filter(|(task, _)| self.machine.outcome(**task) == Some(Outcome::Passed)).count()
    }

    /// The output of a command that did not pass.
    pub(crate) fn left_value(&self, task: TaskId) -> Option<Value> {
        self.histories().get(&task)?.records.last()?.result.clone()
    }

    /// What the last attempt of a task wrote; `None` when that is nothing.
    pub(super) fn last_output(&self, task: TaskId) -> Option<TaskOutput> {
        self.histories().get(&task)?.records.last()?.output.clone()
    }

    /// Whether a stop cancelled a running attempt of the task, not the wait for its start.
    pub(super) fn was_running(&self, task: TaskId) -> bool {
        self.histories().get(&task).is_some_and(|history| {
            let last = history.records.last().and_then(|record| record.ending.as_ref());
            history.abandoned.is_some() || matches!(last, Some(Ending::Cancelled))
        })
    }

    /// The reason for which the body skipped its task.
    pub(super) fn own_reason(&self, task: TaskId) -> Option<String> {
        match &self.histories().get(&task)?.records.last()?.ending {
            Some(Ending::Skipped(reason)) => Some(reason.clone()),
            _ => None,
        }
    }

    fn histories(&self) -> MutexGuard<'_, HashMap<TaskId, History>> {
        lock(&self.histories)
    }

    /// Records a warning about a task.
    pub(super) fn note_warning(&self, task: TaskId, warning: String) {
        self.histories().entry(task).or_default().warning = Some(warning);
    }

    pub(crate) fn warning(&self, task: TaskId) -> Option<String> {
        let warning = self.histories().get(&task)?.warning.clone();
        warning.map(|warning| self.masked(warning))
    }
}

#[cfg(test)]
mod tests;
