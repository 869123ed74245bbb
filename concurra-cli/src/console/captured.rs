//! What a task wrote that ran in another process.

use std::io::{self, Write};

use concurra_core::{RunView, TaskInfo, TaskOutput};

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
pub(super) fn has_outputs(run: &RunView) -> bool {
    outputs(run).next().is_some()
}

/// What good tasks wrote, each below its name, where lines leave no room for it.
pub(super) fn write_outputs(run: &RunView, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (task, output) in outputs(run) {
        writeln!(out, "\n---- {} ----", style.bold(&task.name))?;
        write_output(output, style, out)?;
    }
    Ok(())
}

fn outputs(run: &RunView) -> impl Iterator<Item = (&TaskInfo, &TaskOutput)> {
    let good = run.all_ended().filter(|(_, end)| !end.bad);
    good.filter_map(|(task, end)| Some((task, end.output.as_ref()?)))
}
