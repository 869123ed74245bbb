//! The plan's edges over indices: compressed rows, no names.

/// A task's index in its plan; tasks are numbered in source order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// Who waits for whom.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    offsets: Vec<u32>,
    dependents: Vec<TaskId>,
    dependencies: Vec<u32>,
}

impl Graph {
    /// Builds the rows from pairs of a dependency and its dependent; a pair given twice counts once.
    #[must_use]
    pub fn new(tasks: usize, mut edges: Vec<(TaskId, TaskId)>) -> Self {
        edges.sort_unstable();
        edges.dedup();
        let mut offsets = vec![0; tasks + 1];
        let mut dependencies = vec![0; tasks];
        for (from, to) in &edges {
            offsets[from.index() + 1] += 1;
            dependencies[to.index()] += 1;
        }
        for index in 0..tasks {
            offsets[index + 1] += offsets[index];
        }
        Self { offsets, dependents: edges.into_iter().map(|(_, to)| to).collect(), dependencies }
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
        self.dependents.len()
    }

    /// All tasks, in source order.
    pub fn tasks(&self) -> impl DoubleEndedIterator<Item = TaskId> + use<> {
        (0..u32::try_from(self.len()).expect("fewer than 2^32 tasks")).map(TaskId)
    }

    /// What waits for the task, in source order.
    #[must_use]
    pub fn dependents(&self, task: TaskId) -> &[TaskId] {
        let start = self.offsets[task.index()] as usize;
        let end = self.offsets[task.index() + 1] as usize;
        &self.dependents[start..end]
    }

    /// How many tasks the task waits for.
    #[must_use]
    pub fn fan_in(&self, task: TaskId) -> u32 {
        self.dependencies[task.index()]
    }
}
