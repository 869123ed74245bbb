//! What failed, each as a block that tells a tired person what to do.

use std::collections::HashMap;
use std::io::{self, Write};

use concurra_core::{Failure, HookFailure, Outcome, Report, TaskId, TaskReport};

use super::backtrace::own_frames;
use super::captured::write_output;
use super::text::plural;
use super::{Display, Style, attempts};

/// How many skipped tasks a block names.
const MOST_SKIPPED: usize = 8;

/// Writes a block for every task and hook that failed, and the warnings.
pub(super) fn write_blocks(
    report: &Report,
    display: &Display,
    out: &mut dyn Write,
) -> io::Result<()> {
    for hook in report.hook_failures().iter().filter(|hook| hook.setup) {
        write_hook(hook, report, display.style, out)?;
    }
    let skipped = skipped_by(report);
    for task in report.tasks() {
        if matches!(task.outcome(), Outcome::Failed | Outcome::TimedOut) {
            let skipped = skipped.get(&task.id()).map_or(&[][..], Vec::as_slice);
            write_task(task, report, skipped, display, out)?;
        }
    }
    for hook in report.hook_failures().iter().filter(|hook| !hook.setup) {
        write_hook(hook, report, display.style, out)?;
    }
    for warning in report.warnings() {
        writeln!(out, "\nwarning: {warning}")?;
    }
    if has_blocks(report) { writeln!(out) } else { Ok(()) }
}

fn has_blocks(report: &Report) -> bool {
    let failed = |task: &TaskReport| matches!(task.outcome(), Outcome::Failed | Outcome::TimedOut);
    !report.hook_failures().is_empty()
        || !report.warnings().is_empty()
        || report.tasks().iter().any(failed)
}

/// For each root of a skip the tasks that were skipped for it.
fn skipped_by(report: &Report) -> HashMap<TaskId, Vec<TaskId>> {
    let mut skipped: HashMap<TaskId, Vec<TaskId>> = HashMap::new();
    for task in report.tasks().iter().filter(|task| task.outcome() == Outcome::Skipped) {
        if let Some(root) = task.root_cause() {
            skipped.entry(root).or_default().push(task.id());
        }
    }
    skipped
}

fn write_task(
    task: &TaskReport,
    report: &Report,
    skipped: &[TaskId],
    display: &Display,
    out: &mut dyn Write,
) -> io::Result<()> {
    let style = display.style;
    let word = super::verdict::word(task.outcome());
    writeln!(
        out,
        "\n---- {} {} ----",
        style.outcome(task.outcome(), word),
        style.bold(task.name())
    )?;
    writeln!(out, "  declared at {}", task.planned().place())?;
    write!(out, "  {}", attempts::figures(task))?;
    match task.worker() {
        Some(worker) => writeln!(out, ", worker {worker}")?,
        None => writeln!(out)?,
    }
    if let Some(failure) = task.failure() {
        write_failure(&failure, style, out)?;
    }
    attempts::write_earlier(task, style, out)?;
    if let Some(warning) = task.warning() {
        writeln!(out, "  warning: {warning}")?;
    }
    if let Some(output) = task.output() {
        write_output(&output, style, out)?;
    }
    if !skipped.is_empty() {
        let names: Vec<&str> =
            skipped.iter().take(MOST_SKIPPED).map(|id| report.plan().task(*id).name()).collect();
        let more = skipped.len() - names.len();
        write!(out, "  skipped because of it: {}", names.join(", "))?;
        if more > 0 {
            write!(out, " and {more} more")?;
        }
        writeln!(out)?;
    }
    if let Some(again) = &display.again {
        again.write(task.name(), report, out)?;
    }
    Ok(())
}

fn write_hook(
    hook: &HookFailure,
    report: &Report,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let kind = if hook.setup { "setup" } else { "teardown" };
    writeln!(out, "\n---- {} {kind} {} ----", style.bad("FAIL"), style.bold(&hook.name))?;
    writeln!(out, "  declared at {}", hook.place)?;
    write_failure(&hook.failure, style, out)?;
    if hook.setup {
        let tasks = report.counts().of(Outcome::Skipped);
        writeln!(out, "  skipped because of it: {tasks} task{}", plural(tasks))?;
    }
    Ok(())
}

/// The message with its causes, each indented so that blocks stay apart.
pub(super) fn write_failure(
    failure: &Failure,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out)?;
    for line in failure.message.lines() {
        writeln!(out, "    {}", style.bad(line))?;
    }
    if let Some(place) = &failure.place {
        writeln!(out, "      at {place}")?;
    }
    for cause in &failure.causes {
        writeln!(out, "      caused by: {}", cause.replace('\n', "\n        "))?;
    }
    if let Some(trace) = &failure.trace {
        writeln!(out)?;
        for line in own_frames(trace).lines() {
            writeln!(out, "    {}", style.dim(line))?;
        }
    }
    writeln!(out)
}
