//! When the conductor has to act next, and which tasks it retries then.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::graph::TaskId;

/// All times are in nanoseconds since the start of the run.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// The next time at which something may be due.
    due: Option<u64>,
    /// Tasks whose next attempt starts later.
    later: BinaryHeap<Reverse<(u64, TaskId)>>,
    /// How many periods a task had lasted when it was last reported as slow.
    slow: HashMap<TaskId, u64>,
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

    /// Whether a task is due to be reported as slow, as it is once in each `period`. Sets the time of
    /// the next report.
    pub(super) fn is_slow(&mut self, task: TaskId, period: u64, started: u64, now: u64) -> bool {
        let periods = now.saturating_sub(started) / period.max(1);
        let next = started.saturating_add(period.saturating_mul(periods + 1));
        self.look_at(next);
        periods > 0 && self.slow.insert(task, periods).is_none_or(|last| last < periods)
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

    #[test]
    fn a_slow_task_is_reported_once_in_each_period() {
        let mut clock = Clock::default();
        let mut is_slow = |now| clock.is_slow(TaskId(0), 10, 5, now);
        assert!(!is_slow(14));
        assert!(is_slow(15) && !is_slow(16) && !is_slow(24));
        assert!(is_slow(25) && is_slow(99) && !is_slow(99));
    }
}
