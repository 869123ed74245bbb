//! Results, by index.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::graph::{Graph, TaskId};
use crate::value::Value;

/// The results of a run.
#[derive(Debug)]
pub(super) enum Values {
    /// Each stays. A block is made when the first of its tasks has a result; many tasks give none.
    Kept(Box<[OnceLock<Box<Block>>]>),
    /// Each goes when nothing waits for it any more.
    Freed(Freed),
}

/// Results that are allocated together.
type Block = [OnceLock<Value>; BLOCK];

const BLOCK: usize = 64;

#[derive(Debug)]
pub(super) struct Freed {
    /// For each task the dependents that have not ended.
    waiting: Box<[AtomicU32]>,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    values: HashMap<TaskId, Value>,
    gone: HashSet<TaskId>,
}

impl Values {
    pub(super) fn new(graph: &Graph, keep: bool) -> Self {
        if keep {
            return Self::Kept((0..graph.len().div_ceil(BLOCK)).map(|_| OnceLock::new()).collect());
        }
        let dependents = |task| u32::try_from(graph.dependents(task).len()).unwrap_or(u32::MAX);
        let waiting = graph.tasks().map(dependents).map(AtomicU32::new).collect();
        Self::Freed(Freed { waiting, held: Mutex::default() })
    }

    /// Puts a result in its slot. It is written twice only by an abandoned body, whose
    /// result is thrown away.
    pub(super) fn put(&self, task: TaskId, value: Value) {
        match self {
            Self::Kept(blocks) => {
                let block = blocks[task.index() / BLOCK]
                    .get_or_init(|| Box::new([const { OnceLock::new() }; BLOCK]));
                drop(block[task.index() % BLOCK].set(value));
            }
            Self::Freed(freed) => {
                let before = freed.held().values.insert(task, value);
                drop(before);
            }
        }
    }

    pub(super) fn get(&self, task: TaskId) -> Option<Value> {
        match self {
            Self::Kept(blocks) => {
                blocks[task.index() / BLOCK].get()?[task.index() % BLOCK].get().cloned()
            }
            Self::Freed(freed) => freed.held().values.get(&task).cloned(),
        }
    }

    /// Whether there was a result that is gone.
    pub(super) fn is_gone(&self, task: TaskId) -> bool {
        matches!(self, Self::Freed(freed) if freed.held().gone.contains(&task))
    }

    /// A task has ended: what only it waited for may go, and is given back.
    pub(super) fn pass(&self, graph: &Graph, task: TaskId, mut goes: impl FnMut(Value)) {
        let Self::Freed(freed) = self else { return };
        // Its dependents may have been cancelled before it ended.
        let waiting = freed.waiting[task.index()].load(Ordering::Acquire);
        if waiting == 0 && !graph.dependents(task).is_empty() {
            freed.free(task).into_iter().for_each(&mut goes);
        }
        for &dependency in graph.dependencies(task) {
            if freed.waiting[dependency.index()].fetch_sub(1, Ordering::AcqRel) == 1 {
                freed.free(dependency).into_iter().for_each(&mut goes);
            }
        }
    }
}

impl Freed {
    /// The value's `Drop` is user code, and must not run under the lock.
    fn free(&self, task: TaskId) -> Option<Value> {
        let mut held = self.held();
        let value = held.values.remove(&task)?;
        held.gone.insert(task);
        Some(value)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
