//! `--graph=mermaid`: for Markdown.

use std::io::{self, Write};

use concurra_core::Plan;

pub(super) fn write(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "graph LR")?;
    for id in plan.graph().tasks() {
        // Names may hold anything, so nodes are numbered and names are their labels.
        writeln!(out, "  t{}[\"{}\"]", id.index(), escaped(plan.task(id).name()))?;
    }
    for id in plan.graph().tasks() {
        for dependency in plan.graph().dependencies(id) {
            writeln!(out, "  t{} --> t{}", dependency.index(), id.index())?;
        }
    }
    Ok(())
}

fn escaped(name: &str) -> String {
    name.replace('#', "#35;").replace('"', "#quot;").replace('\n', " ")
}
