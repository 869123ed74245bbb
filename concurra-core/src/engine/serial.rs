//! Groups of tasks of which one runs at a time.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::graph::TaskId;
use crate::sync::lock;
use crate::task::Body;

/// The groups with a running task, so at most one group for each worker.
#[derive(Debug, Default)]
pub(crate) struct Serial(Mutex<Vec<Line>>);

#[derive(Debug)]
struct Line {
    group: u32,
    running: TaskId,
    waiting: VecDeque<TaskId>,
}

impl Serial {
    /// Lets the task run, or puts it in line.
    pub(crate) fn enter(&self, body: &Body, task: TaskId) -> bool {
        let Some(group) = body.serial() else { return true };
        let mut lines = lock(&self.0);
        if let Some(line) = lines.iter_mut().find(|line| line.group == group) {
            if line.running != task {
                line.waiting.push_back(task);
            }
            return line.running == task;
        }
        lines.push(Line { group, running: task, waiting: VecDeque::new() });
        true
    }

    /// Called when a task runs no longer. Returns the next task of its group, which may run now.
    pub(crate) fn leave(&self, body: &Body, task: TaskId) -> Option<TaskId> {
        let group = body.serial()?;
        let mut lines = lock(&self.0);
        let index = lines.iter().position(|line| line.group == group && line.running == task)?;
        let next = lines[index].waiting.pop_front();
        match next {
            Some(next) => lines[index].running = next,
            None => drop(lines.swap_remove(index)),
        }
        next
    }
}
