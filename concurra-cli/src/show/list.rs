//! `--list`: the chosen tasks with their tags and what they come after.

use std::collections::HashMap;
use std::io::{self, Write};

use concurra_core::shown::line;
use concurra_core::{Plan, PlannedTask, TaskId};

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

/// Why a task is in the plan without being chosen, or is not run; and how its run differs from that of
/// other tasks.
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
    if task.runs_always() {
        marks += " (always)";
    }
    if task.runs_alone() {
        marks += " (serial)";
    }
    if let Some(name) = task.serial() {
        marks += &format!(" (serial: {name})");
    }
    marks
}

pub(super) fn names<'p>(plan: &'p Plan, ids: &[TaskId]) -> Vec<&'p str> {
    ids.iter().map(|id| plan.task(*id).name()).collect()
}

/// The connected sets of a plan, each with its first task first, in source order. Tasks that exclude
/// each other are connected too: only one process can keep them apart.
pub(crate) fn groups(plan: &Plan) -> Vec<Vec<TaskId>> {
    let graph = plan.graph();
    if plan.tasks().iter().any(PlannedTask::runs_alone) {
        return vec![graph.tasks().collect()];
    }
    let mut serial: HashMap<&str, Vec<TaskId>> = HashMap::new();
    for id in graph.tasks() {
        plan.task(id)
            .serial()
            .into_iter()
            .for_each(|name| serial.entry(name).or_default().push(id));
    }
    let mut is_grouped = vec![false; graph.len()];
    let mut groups = Vec::new();
    for first in graph.tasks() {
        let (mut open, mut group) = (vec![first], Vec::new());
        while let Some(task) = open.pop() {
            if !std::mem::replace(&mut is_grouped[task.index()], true) {
                group.push(task);
                open.extend(graph.dependencies(task).iter().chain(graph.dependents(task)));
                let name = plan.task(task).serial();
                open.extend(name.and_then(|name| serial.remove(name)).into_iter().flatten());
            }
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups.retain(|group| !group.is_empty());
    groups
}
