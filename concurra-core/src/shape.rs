//! Figures of a graph, which `--graph` prints.

use std::cmp::Reverse;

use crate::graph::{Graph, TaskId};

/// Figures of a graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The number of tasks without dependencies.
    pub roots: usize,
    /// The number of tasks without dependents.
    pub leaves: usize,
    /// For each level the number of its tasks; a task's level is the length of the longest chain
    /// of dependencies below it.
    pub levels: Vec<usize>,
    /// One of the longest chains of dependencies, first task first.
    pub longest_chain: Vec<TaskId>,
    /// The task with the most dependencies, and their number.
    pub fan_in: Option<(TaskId, usize)>,
    /// The task with the most dependents, and their number.
    pub fan_out: Option<(TaskId, usize)>,
}

impl Shape {
    /// Measures a graph without cycles.
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        let depth = depths(graph);
        let mut levels = vec![0; depth.iter().max().map_or(0, |most| most + 1)];
        for level in &depth {
            levels[*level] += 1;
        }
        let fan_in = |task: TaskId| graph.dependencies(task).len();
        let fan_out = |task: TaskId| graph.dependents(task).len();
        Self {
            roots: graph.tasks().filter(|task| fan_in(*task) == 0).count(),
            leaves: graph.tasks().filter(|task| fan_out(*task) == 0).count(),
            longest_chain: longest_chain(graph, &depth),
            levels,
            fan_in: most(graph, fan_in),
            fan_out: most(graph, fan_out),
        }
    }
}

/// The level of every task.
#[must_use]
pub fn depths(graph: &Graph) -> Vec<usize> {
    let mut depth = vec![0; graph.len()];
    for task in graph.any_order() {
        let below = graph.dependencies(task).iter().map(|dep| depth[dep.index()] + 1).max();
        depth[task.index()] = below.unwrap_or(0);
    }
    depth
}

fn longest_chain(graph: &Graph, depth: &[usize]) -> Vec<TaskId> {
    let height = |task: &TaskId| Reverse(depth[task.index()]);
    let deepest = graph.tasks().min_by_key(height);
    let below = |task: &TaskId| graph.dependencies(*task).iter().copied().min_by_key(height);
    let mut chain: Vec<TaskId> = std::iter::successors(deepest, below).collect();
    chain.reverse();
    chain
}

/// The first task with the largest count above zero.
fn most(graph: &Graph, count: impl Fn(TaskId) -> usize) -> Option<(TaskId, usize)> {
    let counts = graph.tasks().map(|task| (task, count(task)));
    counts.filter(|(_, count)| *count > 0).min_by_key(|(_, count)| Reverse(*count))
}
