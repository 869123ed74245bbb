//! A block for each failure.

use std::io::{self, Write};

use concurra_core::shown::{line, paragraph};
use concurra_core::{
    Event, Failure, Finished, HookFinished, HookKind, Outcome, Rerun, RunFinished, RunView,
    TaskInfo,
};

use super::captured::write_output;
use super::text::{plural, quoted};
use super::verdict::words;
use super::{Style, attempts};
use crate::report::some;

/// How many skipped tasks a block names.
const MOST_SKIPPED: usize = 8;

/// The block of the task or hook whose failure an event describes.
pub(crate) fn failure_block(run: &RunView, event: &Event, style: Style) -> Option<String> {
    let mut block = Vec::new();
    let written = match event {
        Event::Finished(end) if is_shown(end) => {
            write_task(run.task(end.task), end, &[], style, &mut block)
        }
        Event::HookFinished(hook) => write_hook(hook, hook.failure.as_ref()?, style, &mut block),
        _ => return None,
    };
    written.ok()?;
    String::from_utf8(block).ok()
}

/// The blocks of all tasks and hooks that have failed so far.
pub(crate) fn failure_blocks(run: &RunView, style: Style) -> String {
    let mut blocks = Vec::new();
    let hooks = run.hook_failures();
    let tasks = run.all_ended().filter(|(_, end)| is_shown(end));
    // Writing to memory does not fail.
    for (hook, failure) in hooks {
        let _ = write_hook(hook, failure, style, &mut blocks);
    }
    for (task, end) in tasks {
        let _ = write_task(task, end, &[], style, &mut blocks);
    }
    String::from_utf8(blocks).unwrap_or_default()
}

/// Writes a block for every task and hook that failed, and the warnings.
pub(super) fn write_blocks(
    run: &RunView,
    finished: &RunFinished,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (setups, teardowns): (Vec<_>, Vec<_>) =
        run.hook_failures().partition(|(hook, _)| hook.hook == HookKind::Setup);
    for (hook, failure) in &setups {
        write_hook(hook, failure, style, out)?;
        let is_skipped = |end: &Finished| end.outcome == Outcome::Skipped && end.bad;
        let tasks = run.all_ended().filter(|(_, end)| is_skipped(end)).count();
        if tasks > 0 {
            writeln!(out, "  skipped because of it: {tasks} task{}", plural(tasks))?;
        }
    }
    let skipped = run.skipped_by_root();
    let failed = run.all_ended().filter(|(_, end)| is_shown(end)).collect::<Vec<_>>();
    for (task, end) in &failed {
        let skipped = skipped.get(&end.task).map_or(&[][..], Vec::as_slice);
        write_task(task, end, skipped, style, out)?;
        write_rerun(finished.rerun.as_ref(), &task.name, out)?;
    }
    teardowns.iter().try_for_each(|(hook, failure)| write_hook(hook, failure, style, out))?;
    let warnings = run.all_warnings(|end| !is_shown(end)).collect::<Vec<_>>();
    warnings
        .iter()
        .try_for_each(|warning| writeln!(out, "\nwarning: {}", paragraph(warning, "  ")))?;
    let nothing = setups.is_empty() && failed.is_empty() && teardowns.is_empty();
    if nothing && warnings.is_empty() { Ok(()) } else { writeln!(out) }
}

const fn is_shown(end: &Finished) -> bool {
    matches!(end.outcome, Outcome::Failed | Outcome::TimedOut)
}

fn write_task(
    task: &TaskInfo,
    end: &Finished,
    skipped: &[&TaskInfo],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let word = style.outcome(end.outcome, words(end.outcome).0);
    writeln!(out, "\n---- {word} {} ----", style.bold(&task.name))?;
    writeln!(out, "  declared at {}:{}", line(&task.file), task.line)?;
    let worker = end.worker.map_or_else(String::new, |worker| format!(", worker {worker}"));
    writeln!(out, "  {}{worker}", attempts::figures(task, end))?;
    if let Some(failure) = &end.failure {
        write_failure(failure, style, out)?;
    }
    attempts::write_earlier(end, style, out)?;
    if let Some(warning) = &end.warning {
        writeln!(out, "  warning: {}", paragraph(warning, "    "))?;
    }
    if let Some(output) = &end.output {
        write_output(output, style, out)?;
    }
    if !skipped.is_empty() {
        let names = skipped.iter().map(|task| task.name.clone());
        writeln!(out, "  skipped because of it: {}", some(names, MOST_SKIPPED))?;
    }
    Ok(())
}

/// Writes the command that runs a task again, as a shell takes it: in quotes stars stand for no
/// files.
fn write_rerun(rerun: Option<&Rerun>, task: &str, out: &mut dyn Write) -> io::Result<()> {
    let Some(Rerun { target, options, hides_secrets }) = rerun else { return Ok(()) };
    writeln!(out, "  run it again: {target}::{}{options}", quoted(task))?;
    if *hides_secrets {
        writeln!(out, "    *** is a secret that is not shown; put it there before you run this")?;
    }
    Ok(())
}

fn write_hook(
    hook: &HookFinished,
    failure: &Failure,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = style.bold(&hook.name);
    writeln!(out, "\n---- {} {} {name} ----", style.bad("FAIL"), hook.hook)?;
    writeln!(out, "  declared at {}:{}", line(&hook.file), hook.line)?;
    write_failure(failure, style, out)
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
        writeln!(out, "      at {}", line(place))?;
    }
    for cause in &failure.causes {
        writeln!(out, "      caused by: {}", cause.replace('\n', "\n        "))?;
    }
    if let Some(trace) = &failure.trace {
        writeln!(out)?;
        for line in trace.lines() {
            writeln!(out, "    {}", style.dim(line))?;
        }
    }
    writeln!(out)
}
