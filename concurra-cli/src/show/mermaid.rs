//! `--graph=mermaid`: for Markdown.

use std::io::{self, Write};

use concurra_core::{Plan, PlannedTask};

use super::list::role;

pub(super) fn write(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "graph LR")?;
    for id in plan.graph().tasks() {
        let task = plan.task(id);
        let label = escaped(&format!("{}{}", task.name(), role(task)));
        let class = if task.is_dependency() { ":::dep" } else { "" };
        // Names may hold anything, so nodes are numbered and names are their labels.
        writeln!(out, "  t{}[\"{label}\"]{class}", id.index())?;
    }
    for id in plan.graph().tasks() {
        for dependency in plan.graph().dependencies(id) {
            writeln!(out, "  t{} --> t{}", dependency.index(), id.index())?;
        }
    }
    if plan.tasks().iter().any(PlannedTask::is_dependency) {
        writeln!(out, "  classDef dep stroke-dasharray: 5 5")?;
    }
    Ok(())
}

fn escaped(name: &str) -> String {
    name.replace('#', "#35;").replace('"', "#quot;").replace('\n', " ")
}
