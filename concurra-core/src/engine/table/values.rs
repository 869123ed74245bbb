//! Results, by index.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use crate::failure;
use crate::graph::{Graph, TaskId};
use crate::sync::lock;
use crate::value::Value;

/// The results of a run.
#[derive(Debug)]
pub(super) enum Values {
    /// Results stay. A block is allocated for the first result in it, as many tasks have none.
    Kept(Box<[OnceLock<Box<Block>>]>),
    /// A result is dropped when no task waits for it any more.
    Freed(Freed),
}

/// What there is of a task's result.
pub(super) enum Found {
    Value(Value),
    /// There was a result, and no task needs it any more.
    Freed,
    /// There is none, or it is `()`.
    Nothing,
}

/// Results that are allocated together.
type Block = [OnceLock<Value>; BLOCK];

const BLOCK: usize = 64;

#[derive(Debug)]
pub(super) struct Freed {
    /// For each task the dependents that have not ended.
    waiting: Box<[AtomicU32]>,
    /// `None` for a result that was dropped.
    held: Mutex<HashMap<TaskId, Option<Value>>>,
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

    /// Puts a result in its slot. A second result comes only from an abandoned body, and is dropped.
    pub(super) fn put(&self, task: TaskId, value: Value) {
        match self {
            Self::Kept(blocks) => {
                let block = blocks[task.index() / BLOCK]
                    .get_or_init(|| Box::new([const { OnceLock::new() }; BLOCK]));
                let late = block[task.index() % BLOCK].set(value);
                failure::discard(late);
            }
            Self::Freed(freed) => {
                let before = lock(&freed.held).insert(task, Some(value));
                failure::discard(before);
            }
        }
    }

    /// The result of a task, as it is at this moment: another thread may free it in the next.
    pub(super) fn get(&self, task: TaskId) -> Found {
        let found = match self {
            Self::Kept(blocks) => {
                let block = blocks[task.index() / BLOCK].get();
                block.and_then(|block| block[task.index() % BLOCK].get()).cloned()
            }
            Self::Freed(freed) => match lock(&freed.held).get(&task) {
                Some(None) => return Found::Freed,
                held => held.cloned().flatten(),
            },
        };
        found.map_or(Found::Nothing, Found::Value)
    }

    /// Called when a task has ended. Calls `discard` with each result that no pending task needs.
    #[inline]
    pub(super) fn pass(&self, graph: &Graph, task: TaskId, discard: impl FnMut(Value)) {
        if let Self::Freed(freed) = self {
            freed.pass(graph, task, discard);
        }
    }
}

impl Freed {
    fn pass(&self, graph: &Graph, task: TaskId, mut discard: impl FnMut(Value)) {
        // A stop may have cancelled all dependents before the task ended.
        let waiting = self.waiting[task.index()].load(Ordering::Acquire);
        if waiting == 0 && !graph.dependents(task).is_empty() {
            self.free(task).into_iter().for_each(&mut discard);
        }
        for &dependency in graph.dependencies(task) {
            if self.waiting[dependency.index()].fetch_sub(1, Ordering::AcqRel) == 1 {
                self.free(dependency).into_iter().for_each(&mut discard);
            }
        }
    }

    /// Takes a result out, for the caller to drop it without the lock: its `Drop` is user code.
    fn free(&self, task: TaskId) -> Option<Value> {
        lock(&self.held).get_mut(&task)?.take()
    }
}
