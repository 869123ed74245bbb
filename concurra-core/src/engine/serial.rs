//! Tasks that exclude each other: groups of which one runs at a time, and tasks that run alone.

use std::collections::VecDeque;
use std::sync::Mutex;

use super::alone::Alone;
use crate::graph::TaskId;
use crate::sync::lock;
use crate::task::Body;

/// Which tasks run that exclude others, and which wait for them.
#[derive(Debug)]
pub(crate) struct Serial {
    /// The groups with a running task, so at most one group for each worker.
    lines: Mutex<Vec<Line>>,
    /// Only where a task of the plan runs alone, as every task has to enter then.
    alone: Option<Mutex<Alone>>,
}

#[derive(Debug)]
struct Line {
    group: u32,
    running: TaskId,
    waiting: VecDeque<TaskId>,
}

impl Serial {
    pub(crate) fn new(has_alone: bool) -> Self {
        Self { lines: Mutex::default(), alone: has_alone.then(Mutex::default) }
    }

    /// Lets the task run, or puts it in line.
    #[inline]
    pub(crate) fn enter(&self, body: &Body, task: TaskId) -> bool {
        // The group comes first: a task that waits in its line must not count as running.
        body.serial().is_none_or(|group| self.enter_group(group, task))
            && self.alone.as_ref().is_none_or(|alone| lock(alone).enter(task, body.is_alone()))
    }

    #[cold]
    fn enter_group(&self, group: u32, task: TaskId) -> bool {
        let mut lines = lock(&self.lines);
        if let Some(line) = lines.iter_mut().find(|line| line.group == group) {
            if line.running != task {
                line.waiting.push_back(task);
            }
            return line.running == task;
        }
        lines.push(Line { group, running: task, waiting: VecDeque::new() });
        true
    }

    /// Called when a task runs no longer. Calls `ready` with each task that may run now.
    #[inline]
    pub(crate) fn leave(&self, body: &Body, task: TaskId, mut ready: impl FnMut(TaskId)) {
        if let Some(next) = body.serial().and_then(|group| self.leave_group(group, task)) {
            ready(next);
        }
        if let Some(alone) = &self.alone {
            lock(alone).leave(task).into_iter().for_each(ready);
        }
    }

    #[cold]
    fn leave_group(&self, group: u32, task: TaskId) -> Option<TaskId> {
        let mut lines = lock(&self.lines);
        let index = lines.iter().position(|line| line.group == group && line.running == task)?;
        let next = lines[index].waiting.pop_front();
        match next {
            Some(next) => lines[index].running = next,
            None => drop(lines.swap_remove(index)),
        }
        next
    }
}
