//! The attempts that the conductor may have to end or to report as slow.
//!
//! A plain task without a limit never enters this table: its outcome alone says whether it was
//! cancelled.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::worker::Worker;
use crate::graph::TaskId;
use crate::process::Group;
use crate::sync::lock;

/// The running attempts by task, without abandoned ones.
#[derive(Debug, Default)]
pub(crate) struct RunningAttempts(Mutex<HashMap<TaskId, RunningAttempt>>);

#[derive(Clone, Debug)]
pub(crate) struct RunningAttempt {
    pub(crate) worker: Arc<Worker>,
    /// When it began, in nanoseconds since the start of the run.
    pub(crate) begun: u64,
    /// When the conductor has to end it or look again, in the same unit.
    pub(crate) deadline: Option<u64>,
    pub(crate) cancel: Cancel,
    /// How many periods it had lasted when it was last reported as slow.
    pub(crate) slow: u64,
    /// `None` until the conductor asks its processes to end.
    pub(crate) asked: Option<Asked>,
}

/// How the conductor can end an attempt.
#[derive(Clone, Debug)]
pub(crate) enum Cancel {
    /// It runs on a thread, which nothing can end: the conductor abandons it.
    Thread,
    /// It will run in processes that have not started yet.
    Starting,
    /// It runs in these processes.
    Group(Arc<Group>),
}

/// Why the conductor asked the processes of an attempt to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) why: Why,
    /// The conductor has killed them, as they did not end.
    pub(crate) killed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    TimedOut,
    Stopped,
}

/// How long the conductor waits for the end of killed processes before it abandons their attempt.
const KILL_TIMEOUT: u64 = 1_000_000_000;

impl RunningAttempts {
    pub(crate) fn begin(&self, task: TaskId, attempt: RunningAttempt) {
        lock(&self.0).insert(task, attempt);
    }

    /// Ends an attempt of this worker; `None` when the conductor has abandoned it.
    pub(crate) fn end(&self, task: TaskId, worker: &Arc<Worker>) -> Option<RunningAttempt> {
        let mut attempts = lock(&self.0);
        attempts.get(&task).filter(|attempt| Arc::ptr_eq(&attempt.worker, worker))?;
        attempts.remove(&task)
    }

    /// Removes the attempt of a task.
    pub(crate) fn take(&self, task: TaskId) -> Option<RunningAttempt> {
        lock(&self.0).remove(&task)
    }

    /// When the running attempt of a task began.
    pub(crate) fn begun(&self, task: TaskId) -> Option<u64> {
        lock(&self.0).get(&task).map(|attempt| attempt.begun)
    }

    /// Changes an attempt of this worker, unless the conductor has abandoned it.
    pub(crate) fn change<R>(
        &self,
        task: TaskId,
        worker: &Arc<Worker>,
        change: impl FnOnce(&mut RunningAttempt) -> R,
    ) -> Option<R> {
        let mut attempts = lock(&self.0);
        let attempt = attempts.get_mut(&task)?;
        Arc::ptr_eq(&attempt.worker, worker).then(|| change(attempt))
    }

    /// Calls `look` with every attempt.
    pub(crate) fn each(&self, mut look: impl FnMut(TaskId, &mut RunningAttempt)) {
        lock(&self.0).iter_mut().for_each(|(task, attempt)| look(*task, attempt));
    }

    /// Removes the attempts that are over and abandons their workers. A worker that no longer finds its
    /// attempt leaves its index to another loop.
    pub(crate) fn abandon_if(
        &self,
        mut is_over: impl FnMut(&mut RunningAttempt) -> bool,
    ) -> Vec<(TaskId, RunningAttempt)> {
        let mut over = Vec::new();
        lock(&self.0).retain(|task, attempt| {
            let is_over = is_over(attempt);
            if is_over {
                attempt.worker.abandon();
                over.push((*task, attempt.clone()));
            }
            !is_over
        });
        over
    }
}

impl RunningAttempt {
    /// An attempt on the worker's thread, without a limit.
    pub(crate) fn plain(worker: &Arc<Worker>, begun: u64) -> Self {
        let worker = Arc::clone(worker);
        Self { worker, begun, deadline: None, cancel: Cancel::Thread, slow: 0, asked: None }
    }

    /// Asks the processes of an attempt whose time is over to end, then kills them. Returns when the
    /// conductor looks next; `None` when only abandoning it is left.
    pub(crate) fn escalate(&mut self, now: u64, grace: u64) -> Option<u64> {
        let Cancel::Group(group) = &self.cancel else { return None };
        let wait = match self.asked {
            None => {
                group.ask();
                self.asked = Some(Asked { why: Why::TimedOut, killed: false });
                grace
            }
            Some(asked) if !asked.killed => {
                group.kill();
                self.asked = Some(Asked { killed: true, ..asked });
                KILL_TIMEOUT
            }
            Some(_) => return None,
        };
        self.deadline = Some(now.saturating_add(wait));
        self.deadline
    }

    /// Asks the processes to end as the run stops, or kills them. Returns when the conductor looks
    /// next. An attempt that is just starting is ended by its own worker.
    pub(crate) fn stop(&mut self, killed: bool, now: u64, grace: u64) -> u64 {
        let before = self.asked;
        self.asked = Some(Asked { why: before.map_or(Why::Stopped, |asked| asked.why), killed });
        if let Cancel::Group(group) = &self.cancel
            && before.is_none_or(|asked| !asked.killed)
        {
            if killed { group.kill() } else { group.ask() }
        }
        let by = now.saturating_add(if killed { KILL_TIMEOUT } else { grace });
        self.deadline = Some(by);
        by
    }
}
