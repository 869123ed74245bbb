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

    /// Appends the next task's row, sorted; an item given twice counts once.
    pub fn push(&mut self, row: impl IntoIterator<Item = TaskId>) {
        let start = self.items.len();
        self.items.extend(row);
        if self.items.len() > start + 1 {
            self.items[start..].sort_unstable();
            let mut kept = start + 1;
            for index in start + 1..self.items.len() {
                if self.items[index] != self.items[kept - 1] {
                    self.items[kept] = self.items[index];
                    kept += 1;
                }
            }
            self.items.truncate(kept);
        }
        self.offsets.push(u32::try_from(self.items.len()).expect("fewer than 2^32 edges"));
    }

    /// The number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row of a task.
    #[must_use]
    pub fn row(&self, task: TaskId) -> &[TaskId] {
        let start = self.offsets[task.index()] as usize;
        let end = self.offsets[task.index() + 1] as usize;
        &self.items[start..end]
    }

    /// The same pairs with their sides exchanged.
    #[must_use]
    fn reversed(&self) -> Self {
        let mut offsets = vec![0; self.offsets.len()];
        for item in &self.items {
            offsets[item.index() + 1] += 1;
        }
        for index in 1..offsets.len() {
            offsets[index] += offsets[index - 1];
        }
        let mut next = offsets.clone();
        let mut items = vec![TaskId(0); self.items.len()];
        for row in 0..self.len() {
            for item in self.row(row.into()) {
                let slot = &mut next[item.index()];
                items[*slot as usize] = row.into();
                *slot += 1;
            }
        }
        Self { offsets, items }
    }
}

/// Who waits for whom.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    dependencies: Rows,
    dependents: Rows,
}

impl Graph {
    /// The graph in which each task waits for its row.
    #[doc(hidden)]
    #[must_use]
    pub fn new(dependencies: Rows) -> Self {
        let dependents = dependencies.reversed();
        Self { dependencies, dependents }
    }

    /// How many tasks there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.dependencies.len()
    }

    /// Whether there is no task.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.dependencies.is_empty()
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

    /// What the task waits for, in source order.
    #[must_use]
    pub fn dependencies(&self, task: TaskId) -> &[TaskId] {
        self.dependencies.row(task)
    }

    /// What waits for the task, in source order.
    #[must_use]
    pub fn dependents(&self, task: TaskId) -> &[TaskId] {
        self.dependents.row(task)
    }

    /// The tasks in an order in which each stands after what it waits for; tasks on a cycle and
    /// those behind one are missing. Among tasks that could stand next, source order decides.
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

    /// As [`order`](Self::order) for whoever does not mind which of several stands next: faster.
    pub(crate) fn any_order(&self) -> Vec<TaskId> {
        let mut waiting = self.fan_ins();
        let mut order: Vec<TaskId> =
            self.tasks().filter(|task| waiting[task.index()] == 0).collect();
        let mut next = 0;
        while let Some(&task) = order.get(next) {
            next += 1;
            self.release(task, &mut waiting, |dependent| order.push(dependent));
        }
        order
    }

    fn release(&self, task: TaskId, waiting: &mut [u32], mut ready: impl FnMut(TaskId)) {
        for &dependent in self.dependents(task) {
            waiting[dependent.index()] -= 1;
            if waiting[dependent.index()] == 0 {
                ready(dependent);
            }
        }
    }

    /// The number of tasks that the task waits for.
    pub(crate) fn fan_in(&self, task: TaskId) -> u32 {
        let offsets = &self.dependencies.offsets;
        offsets[task.index() + 1] - offsets[task.index()]
    }

    /// For each task the number of tasks it waits for.
    pub(crate) fn fan_ins(&self) -> Vec<u32> {
        self.dependencies.offsets.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    /// Cycles that share no task, at least one of every set of tasks that wait for each other; each
    /// from its first task in source order along what it waits for.
    #[must_use]
    pub fn cycles(&self) -> Vec<Vec<TaskId>> {
        let reached = self.any_order();
        if reached.len() == self.len() {
            return Vec::new();
        }
        let mut search = CycleSearch::new(self, &reached);
        for task in self.tasks() {
            if search.color[task.index()] == Color::Unseen {
                search.search(task);
            }
        }
        search.found
    }
}

struct CycleSearch<'g> {
    graph: &'g Graph,
    color: Vec<Color>,
    found: Vec<Vec<TaskId>>,
}

/// What the search knows of a task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Color {
    Unseen,
    /// On the path, and on no cycle that was found.
    Entered,
    /// On a cycle that was found.
    Told,
    Left,
}

impl<'g> CycleSearch<'g> {
    fn new(graph: &'g Graph, reached: &[TaskId]) -> Self {
        let mut color = vec![Color::Unseen; graph.len()];
        for task in reached {
            color[task.index()] = Color::Left;
        }
        Self { graph, color, found: Vec::new() }
    }

    fn search(&mut self, from: TaskId) {
        self.color[from.index()] = Color::Entered;
        let mut path = vec![(from, 0)];
        while let Some((task, next)) = path.last_mut() {
            let task = *task;
            let Some(&dependency) = self.graph.dependencies(task).get(*next) else {
                if self.color[task.index()] == Color::Entered {
                    self.color[task.index()] = Color::Left;
                }
                path.pop();
                continue;
            };
            *next += 1;
            match self.color[dependency.index()] {
                Color::Unseen => {
                    self.color[dependency.index()] = Color::Entered;
                    path.push((dependency, 0));
                }
                Color::Entered if self.color[task.index()] == Color::Entered => {
                    let back = path.iter().rev().map(|(task, _)| *task);
                    self.tell(back, dependency);
                }
                Color::Entered | Color::Told | Color::Left => {}
            }
        }
    }

    /// Keeps the cycle that leads back along the path to a task, when it shares no other's.
    fn tell(&mut self, back: impl Iterator<Item = TaskId>, to: TaskId) {
        let mut cycle = Vec::new();
        for task in back {
            if self.color[task.index()] == Color::Told {
                return;
            }
            cycle.push(task);
            if task == to {
                break;
            }
        }
        cycle.reverse();
        let first = cycle.iter().enumerate().min_by_key(|(_, task)| **task).map_or(0, |(at, _)| at);
        cycle.rotate_left(first);
        cycle.iter().for_each(|task| self.color[task.index()] = Color::Told);
        self.found.push(cycle);
    }
}
