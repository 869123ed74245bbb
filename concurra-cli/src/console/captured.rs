//! The output of tasks that ran in another process.

use std::io::{self, Write};

use concurra_core::{RunView, TaskOutput};

use super::Style;

/// Writes each stream that has text below its name.
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

/// Writes the heading, then the output of each good task below its name. Without any output it writes
/// nothing.
pub(super) fn write_outputs(
    run: &RunView,
    heading: &str,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let good = run.all_ended().filter(|(_, end)| !end.bad);
    let outputs = good.filter_map(|(task, end)| Some((task, end.output.as_ref()?)));
    for (index, (task, output)) in outputs.enumerate() {
        if index == 0 {
            write!(out, "{heading}")?;
        }
        writeln!(out, "\n---- {} ----", style.bold(&task.name))?;
        write_output(output, style, out)?;
    }
    Ok(())
}
