//! `--list`: the chosen tasks with their tags and what they come after.

use std::io::{self, Write};

use concurra_core::{Graph, Plan, PlannedTask, TaskId};

use crate::console::head;

/// A line per task.
pub(crate) fn write_list(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    for id in plan.graph().tasks() {
        let task = plan.task(id);
        write!(out, "{}{}", task.name(), marks(task))?;
        let after = names(plan, plan.graph().dependencies(id));
        if !after.is_empty() {
            write!(out, "  after {}", after.join(", "))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", head(plan.selection()))
}

/// What is to be known of a task beside its name.
pub(super) fn marks(task: &PlannedTask) -> String {
    let mut marks = role(task);
    let tags: Vec<&str> = task.tags().collect();
    if !tags.is_empty() {
        marks += &format!("  [{}]", tags.join(", "));
    }
    marks
}

/// Why a task is in the plan without being chosen, or is not run.
pub(super) fn role(task: &PlannedTask) -> String {
    let mut marks = String::new();
    if task.is_dependency() {
        marks += " (dep)";
    }
    if task.is_mocked() {
        marks += " (mocked)";
    }
    if let Some(why) = task.ignored() {
        marks += &format!(" (ignored: {why})");
    }
    marks
}

pub(super) fn names<'p>(plan: &'p Plan, ids: &[TaskId]) -> Vec<&'p str> {
    ids.iter().map(|id| plan.task(*id).name()).collect()
}

/// The connected sets of a graph, each with its first task first, in source order.
pub(crate) fn groups(graph: &Graph) -> Vec<Vec<TaskId>> {
    let mut group = vec![usize::MAX; graph.len()];
    let mut groups: Vec<Vec<TaskId>> = Vec::new();
    for first in graph.tasks() {
        if group[first.index()] != usize::MAX {
            continue;
        }
        let number = groups.len();
        group[first.index()] = number;
        let (mut open, mut members) = (vec![first], vec![first]);
        while let Some(task) = open.pop() {
            for &near in graph.dependencies(task).iter().chain(graph.dependents(task)) {
                if group[near.index()] == usize::MAX {
                    group[near.index()] = number;
                    open.push(near);
                    members.push(near);
                }
            }
        }
        members.sort_unstable();
        groups.push(members);
    }
    groups
}
