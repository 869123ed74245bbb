//! What the conductor has to do at a certain time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::graph::TaskId;

/// Times in nanoseconds since the start of the run. It counts the time and knows nothing of what
/// is to be done.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// The next time at which something may be due.
    due: Option<u64>,
    /// Tasks that are to be tried again.
    later: BinaryHeap<Reverse<(u64, TaskId)>>,
    /// How often tasks were told to be slow.
    slow: HashMap<TaskId, u64>,
}

impl Clock {
    /// The next time at which something may be due.
    pub(super) const fn due(&self) -> Option<u64> {
        self.due
    }

    /// Something is due then.
    pub(super) fn look_at(&mut self, at: u64) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// The task is to be tried again then.
    pub(super) fn keep(&mut self, task: TaskId, at: u64) {
        self.later.push(Reverse((at, task)));
        self.look_at(at);
    }

    /// Begins to collect what is due next; gives back the tasks that are to be tried again now.
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

    /// Whether a task that has been running for so long is to be told to be slow, as it is again
    /// after each `period`; also sees to it that somebody looks in time.
    pub(super) fn is_slow(&mut self, task: TaskId, period: u64, started: u64, now: u64) -> bool {
        let periods = now.saturating_sub(started) / period.max(1);
        let next = started.saturating_add(period.saturating_mul(periods + 1));
        self.look_at(next);
        periods > 0 && self.slow.insert(task, periods).is_none_or(|told| told < periods)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_first_comes_first() {
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

    #[test]
    fn a_slow_task_is_told_once_in_each_period() {
        let mut clock = Clock::default();
        let mut told = |now| clock.is_slow(TaskId(0), 10, 5, now);
        assert!(!told(14));
        assert!(told(15) && !told(16) && !told(24) && told(25) && told(99) && !told(99));
    }
}
