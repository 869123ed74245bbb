//! What a task wrote that ran in another process.

use std::io::{self, Write};

use concurra_core::{Report, TaskOutput, TaskReport};

use super::Style;

/// Writes what was captured, each stream below its name; nothing where a stream has nothing.
pub(super) fn write_output(
    output: &TaskOutput,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (name, text) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if text.is_empty() {
            continue;
        }
        writeln!(out, "  {}", style.dim(format_args!("{name}:")))?;
        text.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    Ok(())
}

/// Whether a good task wrote anything.
pub(super) fn has_outputs(report: &Report) -> bool {
    outputs(report).next().is_some()
}

/// What good tasks wrote, each below its name, where lines leave no room for it.
pub(super) fn write_outputs(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (task, output) in outputs(report) {
        writeln!(out, "\n---- {} ----", style.bold(task.name()))?;
        write_output(&output, style, out)?;
    }
    Ok(())
}

fn outputs(report: &Report) -> impl Iterator<Item = (&TaskReport, TaskOutput)> {
    let good = report.tasks().iter().filter(|task| !task.is_bad());
    good.filter_map(|task| Some((task, task.output()?)))
}
