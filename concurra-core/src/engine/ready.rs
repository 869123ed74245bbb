//! Ready tasks, and the order in which workers take them. Unaware of what a task does.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_deque::{Injector, Steal, Stealer, Worker};

use super::ordered::OrderedSet;
use crate::graph::TaskId;
use crate::sync::lock;

/// The ready tasks of a run.
pub(crate) enum Ready {
    /// One worker takes them in source order.
    Ordered(Mutex<OrderedSet>),
    /// Each worker has a deque and takes from others when it is empty.
    Stealing(Box<Stealing>),
}

pub(crate) struct Stealing {
    /// Tasks that were ready at the start. Workers take them in source order, several at a time.
    roots: Box<[TaskId]>,
    next_root: AtomicUsize,
    stealers: Box<[Stealer<TaskId>]>,
    /// Tasks from threads without a deque.
    arrivals: Injector<TaskId>,
}

/// One worker's end of [`Ready`].
pub(crate) struct Queue {
    /// `None` for a worker that took over an index: all workers steal from the deque of the index.
    deque: Option<Worker<TaskId>>,
    pub(crate) index: usize,
}

/// With more, other workers would get nothing while the first task of the share runs long.
const MOST_ROOTS_AT_ONCE: usize = 32;

impl Ready {
    /// The ready tasks and an end for each worker.
    pub(crate) fn new(roots: Vec<TaskId>, tasks: usize, workers: usize) -> (Self, Vec<Queue>) {
        if workers == 1 {
            let mut set = OrderedSet::new(tasks);
            roots.into_iter().for_each(|task| set.insert(task));
            return (Self::Ordered(Mutex::new(set)), vec![Queue::taking_over(0)]);
        }
        let deques: Vec<_> = (0..workers).map(|_| Worker::new_fifo()).collect();
        let stealers = deques.iter().map(Worker::stealer).collect();
        let queue = |(index, deque)| Queue { deque: Some(deque), index };
        let queues = deques.into_iter().enumerate().map(queue).collect();
        let (next_root, arrivals) = (AtomicUsize::new(0), Injector::new());
        let shared = Stealing { roots: roots.into(), next_root, stealers, arrivals };
        (Self::Stealing(Box::new(shared)), queues)
    }

    /// Whether a worker could take a task now.
    pub(crate) fn has_any(&self) -> bool {
        match self {
            Self::Ordered(set) => !lock(set).is_empty(),
            Self::Stealing(shared) => shared.has_any(),
        }
    }

    /// Whether the worker that makes a task ready may run it next, without a search.
    pub(crate) const fn keeps_next(&self) -> bool {
        matches!(self, Self::Stealing(_))
    }

    /// Adds a task that this worker made ready.
    pub(crate) fn push(&self, queue: &Queue, task: TaskId) {
        match (self, &queue.deque) {
            (Self::Stealing(_), Some(deque)) => deque.push(task),
            _ => self.arrive(task),
        }
    }

    /// Adds a task from outside of the workers.
    pub(crate) fn arrive(&self, task: TaskId) {
        match self {
            Self::Ordered(set) => lock(set).insert(task),
            Self::Stealing(shared) => shared.arrivals.push(task),
        }
    }

    /// Takes a task, from the worker's own deque first. The number is how many tasks moved to that
    /// deque along with it, where other workers can steal them.
    pub(crate) fn pop(&self, queue: &Queue) -> Option<(TaskId, usize)> {
        match self {
            Self::Ordered(set) => lock(set).pop_first().map(|task| (task, 0)),
            Self::Stealing(shared) => {
                let Some(deque) = &queue.deque else {
                    return shared.take_one(queue.index).map(|task| (task, 0));
                };
                if let Some(task) = deque.pop() {
                    return Some((task, 0));
                }
                let taken = shared.take_arrival().or_else(|| shared.take_roots(deque));
                let taken = taken.or_else(|| {
                    shared.steal(queue.index, |other| other.steal_batch_and_pop(deque))
                })?;
                Some((taken, deque.len()))
            }
        }
    }
}

impl Stealing {
    fn has_any(&self) -> bool {
        self.next_root.load(Ordering::SeqCst) < self.roots.len()
            || !self.arrivals.is_empty()
            || self.stealers.iter().any(|stealer| !stealer.is_empty())
    }

    /// Takes a task for a worker without a deque.
    fn take_one(&self, index: usize) -> Option<TaskId> {
        let root = || {
            // Without this look the counter would grow for ever while there is nothing to do.
            let left = self.next_root.load(Ordering::Relaxed) < self.roots.len();
            let next = left.then(|| self.next_root.fetch_add(1, Ordering::SeqCst))?;
            self.roots.get(next).copied()
        };
        self.take_arrival().or_else(root).or_else(|| self.steal(index, Stealer::steal))
    }

    fn take_arrival(&self) -> Option<TaskId> {
        loop {
            match self.arrivals.steal() {
                Steal::Success(task) => return Some(task),
                Steal::Empty => return None,
                Steal::Retry => {}
            }
        }
    }

    /// Takes the next roots, the first to run and the others for the deque.
    fn take_roots(&self, deque: &Worker<TaskId>) -> Option<TaskId> {
        let total = self.roots.len();
        let seen = self.next_root.load(Ordering::Relaxed);
        let share = total.saturating_sub(seen) / (4 * self.stealers.len());
        let count = share.clamp(1, MOST_ROOTS_AT_ONCE);
        if seen >= total {
            return None;
        }
        let start = self.next_root.fetch_add(count, Ordering::SeqCst).min(total);
        let taken = &self.roots[start..(start + count).min(total)];
        let (first, others) = taken.split_first()?;
        others.iter().for_each(|task| deque.push(*task));
        Some(*first)
    }

    /// Steals from the deque of each other worker, and at last from the one of its own index, which is
    /// left behind when a worker takes over an index.
    fn steal(
        &self,
        index: usize,
        steal: impl Fn(&Stealer<TaskId>) -> Steal<TaskId>,
    ) -> Option<TaskId> {
        let all = self.stealers.len();
        loop {
            let mut retry = false;
            for other in (1..=all).map(|step| (index + step) % all) {
                match steal(&self.stealers[other]) {
                    Steal::Success(task) => return Some(task),
                    Steal::Retry => retry = true,
                    Steal::Empty => {}
                }
            }
            if !retry {
                return None;
            }
        }
    }
}

impl Queue {
    /// The queue of a worker that takes over an index.
    pub(crate) const fn taking_over(index: usize) -> Self {
        Self { deque: None, index }
    }
}
