//! The plan's edges over indices. Unaware of names, outcomes and threads.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

#[cfg(feature = "replay")]
use serde::Deserialize;
use serde::Serialize;

/// A task's index in its plan; tasks are numbered in source order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "replay", derive(Deserialize))]
pub struct TaskId(pub u32);

impl TaskId {
    /// The index as a position in a slice.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl From<usize> for TaskId {
    fn from(index: usize) -> Self {
        Self(u32::try_from(index).expect("a plan holds fewer than 2^32 tasks"))
    }
}

/// A list of tasks for each task, in one allocation for all.
#[derive(Clone, Debug)]
pub struct Rows {
    offsets: Vec<u32>,
    items: Vec<TaskId>,
}

impl Default for Rows {
    fn default() -> Self {
        Self { offsets: vec![0], items: Vec::new() }
    }
}

impl Rows {
    /// Rows with room for that many tasks and items.
    #[must_use]
    pub fn with_capacity(rows: usize, items: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { offsets, items: Vec::with_capacity(items) }
    }

    /// Appends the next task's row, sorted and without duplicates.
    pub fn push(&mut self, row: impl IntoIterator<Item = TaskId>) {
        let start = self.items.len();
        self.items.extend(row);
        self.items[start..].sort_unstable();
        let mut kept = start;
        for index in start..self.items.len() {
            if kept == start || self.items[index] != self.items[kept - 1] {
                self.items[kept] = self.items[index];
                kept += 1;
            }
        }
        self.items.truncate(kept);
        self.offsets.push(u32::try_from(self.items.len()).expect("fewer than 2^32 edges"));
    }

    fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// The row of a task.
    fn row(&self, task: TaskId) -> &[TaskId] {
        let start = self.offsets[task.index()] as usize;
        let end = self.offsets[task.index() + 1] as usize;
        &self.items[start..end]
    }

    /// The same pairs with their sides exchanged.
    fn reversed(&self) -> Self {
        // Each row's start stands one place late at first. It grows to the row's end while the row is
        // filled, which is the start of the next row.
        let mut offsets = vec![0; self.offsets.len() + 1];
        for item in &self.items {
            offsets[item.index() + 2] += 1;
        }
        for index in 1..offsets.len() {
            offsets[index] += offsets[index - 1];
        }
        let mut items = vec![TaskId(0); self.items.len()];
        for row in 0..self.len() {
            for item in self.row(row.into()) {
                let slot = &mut offsets[item.index() + 1];
                items[*slot as usize] = row.into();
                *slot += 1;
            }
        }
        offsets.pop();
        Self { offsets, items }
    }
}

/// The dependencies and dependents of tasks.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    dependencies: Rows,
    dependents: Rows,
}

impl Graph {
    /// The graph of these dependencies.
    #[doc(hidden)]
    #[must_use]
    pub fn new(dependencies: Rows) -> Self {
        let dependents = dependencies.reversed();
        Self { dependencies, dependents }
    }

    /// How many tasks there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.dependencies.len()
    }

    /// Whether there is no task.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many edges there are.
    #[must_use]
    pub const fn edges(&self) -> usize {
        self.dependencies.items.len()
    }

    /// All tasks, in source order.
    pub fn tasks(&self) -> impl DoubleEndedIterator<Item = TaskId> + ExactSizeIterator + use<> {
        (0..TaskId::from(self.len()).0).map(TaskId)
    }

    /// The dependencies of the task, in source order.
    #[must_use]
    pub fn dependencies(&self, task: TaskId) -> &[TaskId] {
        self.dependencies.row(task)
    }

    /// The dependents of the task, in source order.
    #[must_use]
    pub fn dependents(&self, task: TaskId) -> &[TaskId] {
        self.dependents.row(task)
    }

    /// The tasks, each after its dependencies; without tasks on a cycle and their dependents. Among
    /// tasks that could be next, source order decides.
    #[must_use]
    pub fn order(&self) -> Vec<TaskId> {
        let mut waiting = self.fan_ins();
        let roots = self.tasks().filter(|task| waiting[task.index()] == 0);
        let mut next: BinaryHeap<Reverse<TaskId>> = roots.map(Reverse).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(Reverse(task)) = next.pop() {
            order.push(task);
            self.release(task, &mut waiting, |dependent| next.push(Reverse(dependent)));
        }
        order
    }

    /// As [`order`](Self::order), but any of several tasks may be next: faster.
    pub(crate) fn any_order(&self) -> Vec<TaskId> {
        self.release_all(&mut self.fan_ins())
    }

    /// Releases the tasks without dependencies, and all tasks that become free by that; returns them,
    /// each after its dependencies.
    fn release_all(&self, waiting: &mut [u32]) -> Vec<TaskId> {
        let roots = self.tasks().filter(|task| waiting[task.index()] == 0).collect();
        self.release_from(roots, waiting)
    }

    fn release_from(&self, mut released: Vec<TaskId>, waiting: &mut [u32]) -> Vec<TaskId> {
        let mut next = 0;
        while let Some(&task) = released.get(next) {
            next += 1;
            self.release(task, waiting, |dependent| released.push(dependent));
        }
        released
    }

    fn release(&self, task: TaskId, waiting: &mut [u32], mut ready: impl FnMut(TaskId)) {
        for &dependent in self.dependents(task) {
            match &mut waiting[dependent.index()] {
                // Released already, as a cycle was cut open there.
                0 => {}
                count => {
                    *count -= 1;
                    if *count == 0 {
                        ready(dependent);
                    }
                }
            }
        }
    }

    /// The number of dependencies of a task.
    pub(crate) fn fan_in(&self, task: TaskId) -> u32 {
        let offsets = &self.dependencies.offsets;
        offsets[task.index() + 1] - offsets[task.index()]
    }

    /// The number of dependencies of each task.
    fn fan_ins(&self) -> Vec<u32> {
        self.tasks().map(|task| self.fan_in(task)).collect()
    }

    /// Cycles that share no task, at least one of every set of tasks that wait for each other; each
    /// from its first task in source order along its dependencies.
    #[must_use]
    pub fn cycles(&self) -> Vec<Vec<TaskId>> {
        let mut cycles = Vec::new();
        // In most plans each task is added after its dependencies.
        let is_later =
            |task: TaskId| self.dependencies(task).last().is_none_or(|last| *last < task);
        if self.tasks().all(is_later) {
            return cycles;
        }
        let mut waiting = self.fan_ins();
        if self.release_all(&mut waiting).len() == self.len() {
            return cycles;
        }
        // Walks along dependencies that are not released: a task that is not released has one, so
        // the walk closes a cycle. The cycle is then released, as if it had been cut open.
        let mut place_on_path = vec![None; self.len()];
        let mut path = Vec::new();
        for start in self.tasks() {
            if waiting[start.index()] > 0 {
                place_on_path[start.index()] = Some(0);
                path.push((start, self.dependencies(start).iter()));
            }
            while let Some((_, dependencies)) = path.last_mut() {
                let Some(&next) = dependencies.find(|next| waiting[next.index()] > 0) else {
                    path.pop();
                    continue;
                };
                let Some(place) = place_on_path[next.index()] else {
                    place_on_path[next.index()] = Some(path.len());
                    path.push((next, self.dependencies(next).iter()));
                    continue;
                };
                let mut cycle: Vec<TaskId> = path.drain(place..).map(|(task, _)| task).collect();
                cycle.iter().for_each(|task| waiting[task.index()] = 0);
                self.release_from(cycle.clone(), &mut waiting);
                let first = (0..cycle.len()).min_by_key(|place| cycle[*place]);
                cycle.rotate_left(first.unwrap_or(0));
                cycles.push(cycle);
            }
        }
        cycles
    }
}
