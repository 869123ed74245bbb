//! When the conductor has to act next, and which tasks it retries then.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::TaskId;

/// All times are in nanoseconds since the start of the run.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// The next time at which something may be due.
    due: Option<u64>,
    /// Tasks whose next attempt starts later.
    later: BinaryHeap<Reverse<(u64, TaskId)>>,
}

impl Clock {
    /// The next time at which something may be due.
    pub(super) const fn due(&self) -> Option<u64> {
        self.due
    }

    /// Sets a time at which something may be due.
    pub(super) fn look_at(&mut self, at: u64) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// Sets the start of the next attempt of a task.
    pub(super) fn keep(&mut self, task: TaskId, at: u64) {
        self.later.push(Reverse((at, task)));
        self.look_at(at);
    }

    /// Forgets the time that was due, and returns the tasks whose next attempt starts now.
    pub(super) fn turn(&mut self, now: u64) -> Vec<TaskId> {
        self.due = None;
        let mut tasks = Vec::new();
        while let Some(Reverse((at, task))) = self.later.peek().copied() {
            if at > now {
                self.look_at(at);
                break;
            }
            self.later.pop();
            tasks.push(task);
        }
        tasks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_time_is_due_first() {
        let mut clock = Clock::default();
        clock.keep(TaskId(1), 30);
        clock.keep(TaskId(2), 10);
        clock.look_at(20);
        assert_eq!(clock.due(), Some(10));
        assert_eq!(clock.turn(15), [TaskId(2)]);
        assert_eq!(clock.due(), Some(30));
        assert_eq!(clock.turn(30), [TaskId(1)]);
        assert_eq!(clock.due(), None);
    }
}
