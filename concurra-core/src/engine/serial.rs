//! Tasks of which only one may run at a time.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::graph::TaskId;
use crate::task::Body;

/// Who runs and who waits, in each group of tasks that exclude each other.
#[derive(Debug, Default)]
pub(crate) struct Serial(Mutex<HashMap<u32, Line>>);

#[derive(Debug)]
struct Line {
    running: TaskId,
    waiting: VecDeque<TaskId>,
}

impl Serial {
    /// Lets the task run, or puts it in line.
    pub(crate) fn enter(&self, body: &Body, task: TaskId) -> bool {
        let Some(group) = body.serial() else { return true };
        let mut lines = self.lines();
        if let Some(line) = lines.get_mut(&group) {
            if line.running != task {
                line.waiting.push_back(task);
            }
            return line.running == task;
        }
        lines.insert(group, Line { running: task, waiting: VecDeque::new() });
        true
    }

    /// The task runs no longer; gives back the next in line, which may run now.
    pub(crate) fn leave(&self, body: &Body, task: TaskId) -> Option<TaskId> {
        let group = body.serial()?;
        let mut lines = self.lines();
        let line = lines.get_mut(&group).filter(|line| line.running == task)?;
        let next = line.waiting.pop_front();
        match next {
            Some(next) => line.running = next,
            None => drop(lines.remove(&group)),
        }
        next
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<u32, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
