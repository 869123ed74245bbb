//! `--list`: the chosen tasks with their tags and what they come after.

use std::io::{self, Write};

use concurra_core::shown::line;
use concurra_core::{Graph, Plan, PlannedTask, TaskId};

use crate::console::head;

/// A line per task.
pub(crate) fn write_list(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    plan.graph().tasks().try_for_each(|id| write_task(plan, id, "after", out))?;
    writeln!(out, "{}", head(plan.selection()))
}

/// A task with its role, its tags and, after a word, the tasks that it waits for.
pub(super) fn write_task(
    plan: &Plan,
    id: TaskId,
    word: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let task = plan.task(id);
    write!(out, "{}{}", task.name(), role(task))?;
    let tags = task.tags().collect::<Vec<_>>();
    if !tags.is_empty() {
        write!(out, "  [{}]", line(&tags.join(", ")))?;
    }
    let dependencies = names(plan, plan.graph().dependencies(id));
    if !dependencies.is_empty() {
        write!(out, "  {word} {}", dependencies.join(", "))?;
    }
    writeln!(out)
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
        marks += &format!(" (ignored: {})", line(why));
    }
    if let Some(needed) = task.needs_excluded() {
        marks += &format!(" (skipped: {needed} is excluded)");
    }
    marks
}

pub(super) fn names<'p>(plan: &'p Plan, ids: &[TaskId]) -> Vec<&'p str> {
    ids.iter().map(|id| plan.task(*id).name()).collect()
}

/// The connected sets of a graph, each with its first task first, in source order.
pub(crate) fn groups(graph: &Graph) -> Vec<Vec<TaskId>> {
    let mut is_grouped = vec![false; graph.len()];
    let mut groups = Vec::new();
    for first in graph.tasks() {
        let (mut open, mut group) = (vec![first], Vec::new());
        while let Some(task) = open.pop() {
            if !std::mem::replace(&mut is_grouped[task.index()], true) {
                group.push(task);
                open.extend(graph.dependencies(task).iter().chain(graph.dependents(task)));
            }
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups.retain(|group| !group.is_empty());
    groups
}
