//! `--graph=dot`: for Graphviz.

use std::io::{self, Write};

use concurra_core::Plan;

pub(super) fn write(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph tasks {{")?;
    writeln!(out, "  rankdir=LR;")?;
    for id in plan.graph().tasks() {
        let task = plan.task(id);
        let style = if task.is_dependency() { " [style=dashed]" } else { "" };
        writeln!(out, "  {}{style};", quoted(task.name()))?;
    }
    for id in plan.graph().tasks() {
        for dependency in plan.graph().dependencies(id) {
            let (from, to) = (plan.task(*dependency).name(), plan.task(id).name());
            writeln!(out, "  {} -> {};", quoted(from), quoted(to))?;
        }
    }
    writeln!(out, "}}")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', r"\\").replace('"', "\\\"").replace('\n', "\\n"))
}
