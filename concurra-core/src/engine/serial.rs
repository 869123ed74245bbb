//! Groups of tasks of which one runs at a time.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use crate::graph::TaskId;
use crate::sync::lock;
use crate::task::Body;

/// The running and the waiting tasks of each group.
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
        let mut lines = lock(&self.0);
        if let Some(line) = lines.get_mut(&group) {
            if line.running != task {
                line.waiting.push_back(task);
            }
            return line.running == task;
        }
        lines.insert(group, Line { running: task, waiting: VecDeque::new() });
        true
    }

    /// Called when a task runs no longer. Returns the next task of its group, which may run now.
    pub(crate) fn leave(&self, body: &Body, task: TaskId) -> Option<TaskId> {
        let group = body.serial()?;
        let mut lines = lock(&self.0);
        let line = lines.get_mut(&group).filter(|line| line.running == task)?;
        let next = line.waiting.pop_front();
        match next {
            Some(next) => line.running = next,
            None => drop(lines.remove(&group)),
        }
        next
    }
}
