//! `--graph=dot`: for Graphviz.

use std::io::{self, Write};

use concurra_core::{Plan, PlannedTask};

use super::list::role;

pub(super) fn write(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph tasks {{")?;
    writeln!(out, "  rankdir=LR;")?;
    for id in plan.graph().tasks() {
        let task = plan.task(id);
        writeln!(out, "  {}{};", quoted(task.name()), attributes(task))?;
    }
    for id in plan.graph().tasks() {
        for dependency in plan.graph().dependencies(id) {
            let (from, to) = (plan.task(*dependency).name(), plan.task(id).name());
            writeln!(out, "  {} -> {};", quoted(from), quoted(to))?;
        }
    }
    writeln!(out, "}}")
}

/// The role of a task is a part of its label alone, as edges refer to nodes by name.
fn attributes(task: &PlannedTask) -> String {
    let role = role(task);
    if role.is_empty() {
        return role;
    }
    let style = if task.is_dependency() { ", style=dashed" } else { "" };
    format!(" [label={}{style}]", quoted(&format!("{}{role}", task.name())))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', r"\\").replace('"', "\\\""))
}
