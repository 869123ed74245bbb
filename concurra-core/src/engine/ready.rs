//! Ready tasks and who takes them next. Unaware of what a task does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam_deque::{Steal, Stealer, Worker};

use super::ordered::OrderedSet;
use crate::graph::TaskId;

/// The ready tasks of a run.
pub(crate) enum Ready {
    /// One worker takes them in source order.
    Ordered(Mutex<OrderedSet>),
    /// Each worker has a deque and takes from others when it is empty.
    Stealing(Stealing),
}

pub(crate) struct Stealing {
    /// What was ready at the start; taken in source order, a handful at a time.
    roots: Box<[TaskId]>,
    next_root: AtomicUsize,
    stealers: Box<[Stealer<TaskId>]>,
    unclaimed: Mutex<Vec<Worker<TaskId>>>,
}

/// One worker's end of [`Ready`].
pub(crate) enum Local<'r> {
    Ordered(&'r Mutex<OrderedSet>),
    Stealing { shared: &'r Stealing, deque: Worker<TaskId>, slot: usize },
}

/// More would leave other workers nothing when the first task of a handful is long.
const MOST_ROOTS_AT_ONCE: usize = 32;

impl Ready {
    pub(crate) fn new(roots: Vec<TaskId>, tasks: usize, workers: usize) -> Self {
        if workers == 1 {
            let mut set = OrderedSet::new(tasks);
            roots.into_iter().for_each(|task| set.insert(task));
            return Self::Ordered(Mutex::new(set));
        }
        let deques: Vec<_> = (0..workers).map(|_| Worker::new_fifo()).collect();
        Self::Stealing(Stealing {
            roots: roots.into(),
            next_root: AtomicUsize::new(0),
            stealers: deques.iter().map(Worker::stealer).collect(),
            unclaimed: Mutex::new(deques),
        })
    }

    /// The next worker's end; `None` when all have theirs.
    pub(crate) fn claim(&self) -> Option<Local<'_>> {
        match self {
            Self::Ordered(set) => Some(Local::Ordered(set)),
            Self::Stealing(shared) => {
                let mut unclaimed = lock(&shared.unclaimed);
                let deque = unclaimed.pop()?;
                Some(Local::Stealing { shared, deque, slot: unclaimed.len() })
            }
        }
    }

    /// Whether someone could take a task now.
    pub(crate) fn has_any(&self) -> bool {
        match self {
            Self::Ordered(set) => !lock(set).is_empty(),
            Self::Stealing(shared) => shared.has_any(),
        }
    }
}

impl Stealing {
    fn has_any(&self) -> bool {
        self.next_root.load(Ordering::SeqCst) < self.roots.len()
            || self.stealers.iter().any(|stealer| !stealer.is_empty())
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

    fn steal(&self, deque: &Worker<TaskId>, slot: usize) -> Option<TaskId> {
        let others = (1..self.stealers.len()).map(|step| (slot + step) % self.stealers.len());
        loop {
            let mut retry = false;
            for other in others.clone() {
                match self.stealers[other].steal_batch_and_pop(deque) {
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

impl Local<'_> {
    /// The worker's number.
    pub(crate) const fn slot(&self) -> usize {
        match self {
            Self::Ordered(_) => 0,
            Self::Stealing { slot, .. } => *slot,
        }
    }

    /// Whether a task that has just become ready may run next without being looked for.
    pub(crate) const fn keeps_next(&self) -> bool {
        matches!(self, Self::Stealing { .. })
    }

    /// Gives a task to whoever takes it first.
    pub(crate) fn push(&self, task: TaskId) {
        match self {
            Self::Ordered(set) => lock(set).insert(task),
            Self::Stealing { deque, .. } => deque.push(task),
        }
    }

    /// Takes a task, one's own first, and tells how many that others could take came along.
    pub(crate) fn pop(&self) -> Option<(TaskId, usize)> {
        match self {
            Self::Ordered(set) => lock(set).pop_first().map(|task| (task, 0)),
            Self::Stealing { shared, deque, slot } => {
                if let Some(task) = deque.pop() {
                    return Some((task, 0));
                }
                let taken = shared.take_roots(deque).or_else(|| shared.steal(deque, *slot))?;
                Some((taken, deque.len()))
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
