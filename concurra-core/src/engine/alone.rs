//! Tasks that run alone: while one runs, no other task does.

use std::collections::VecDeque;

use crate::graph::TaskId;

/// The running tasks of a plan with a task that runs alone, and those that wait for them.
#[derive(Debug, Default)]
pub(super) struct Alone {
    /// At most one task for each worker.
    running: Vec<TaskId>,
    /// The running task runs alone.
    is_taken: bool,
    /// In the order in which they came, so that none waits for ever. Each with whether it runs alone.
    waiting: VecDeque<(TaskId, bool)>,
}

impl Alone {
    /// Lets the task run, or puts it in line.
    pub(super) fn enter(&mut self, task: TaskId, alone: bool) -> bool {
        if self.running.contains(&task) {
            return true;
        }
        let may_run = self.waiting.is_empty() && self.may_run(alone);
        if may_run {
            self.begin(task, alone);
        } else {
            self.waiting.push_back((task, alone));
        }
        may_run
    }

    /// Called when a task runs no longer. Returns the tasks that may run now.
    pub(super) fn leave(&mut self, task: TaskId) -> Vec<TaskId> {
        let mut next = Vec::new();
        let Some(index) = self.running.iter().position(|running| *running == task) else {
            return next;
        };
        self.running.swap_remove(index);
        self.is_taken = false;
        while let Some((task, alone)) = self.waiting.front().copied() {
            if !self.may_run(alone) {
                break;
            }
            self.waiting.pop_front();
            self.begin(task, alone);
            next.push(task);
        }
        next
    }

    fn may_run(&self, alone: bool) -> bool {
        self.running.is_empty() || !(alone || self.is_taken)
    }

    fn begin(&mut self, task: TaskId, alone: bool) {
        self.running.push(task);
        self.is_taken = alone;
    }
}
