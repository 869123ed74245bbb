//! Figures of a graph: what `--graph` tells in words.

use crate::graph::{Graph, TaskId};

/// Figures of a graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The number of tasks.
    pub tasks: usize,
    /// The number of edges.
    pub edges: usize,
    /// Tasks that wait for nothing.
    pub roots: usize,
    /// Tasks that nothing waits for.
    pub leaves: usize,
    /// For each level the number of its tasks; a task's level is the longest way to it.
    pub levels: Vec<usize>,
    /// One of the longest chains, first task first.
    pub longest_chain: Vec<TaskId>,
    /// The task that waits for the most tasks, and for how many.
    pub fan_in: Option<(TaskId, usize)>,
    /// The task that the most tasks wait for, and how many do.
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
            tasks: graph.len(),
            edges: graph.edges(),
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
    let deepest = |tasks: &mut dyn Iterator<Item = TaskId>| {
        tasks.fold(None, |best: Option<TaskId>, task| match best {
            Some(best) if depth[best.index()] >= depth[task.index()] => Some(best),
            _ => Some(task),
        })
    };
    let mut chain: Vec<TaskId> = std::iter::successors(deepest(&mut graph.tasks()), |task| {
        deepest(&mut graph.dependencies(*task).iter().copied())
    })
    .collect();
    chain.reverse();
    chain
}

/// The first task with the largest count above zero.
fn most(graph: &Graph, count: impl Fn(TaskId) -> usize) -> Option<(TaskId, usize)> {
    graph.tasks().fold(None, |best, task| match (best, count(task)) {
        (Some((_, most)), here) if here <= most => best,
        (_, 0) => best,
        (_, here) => Some((task, here)),
    })
}
