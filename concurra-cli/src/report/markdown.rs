//! `--report md=FILE`: a summary in Markdown, as for a pull request.

use std::cmp::Reverse;
use std::io::{self, Write};

use concurra_core::{Failure, Finished, HookFinished, Outcome, TaskInfo};

use super::{Reporter, Target, some};

pub(super) struct Markdown;

/// How many of the slowest tasks are listed.
const SLOWEST: usize = 10;

/// How many skipped tasks are named below a failure.
const MOST_SKIPPED: usize = 20;

impl Reporter for Markdown {
    fn end(&mut self, targets: &[Target], out: &mut dyn Write) -> io::Result<()> {
        let good = targets.iter().all(|target| target.run.is_good());
        writeln!(out, "# {}\n", if good { "Passed" } else { "Failed" })?;
        writeln!(out, "| target | tasks | time |\n|---|---|---|")?;
        for Target { name, run, .. } in targets {
            let time = run.finished.as_ref().map(|end| seconds(end.duration));
            let lost = if run.has_started() { "did not finish" } else { "not run" };
            let time = time.unwrap_or_else(|| lost.to_owned());
            writeln!(out, "| {} | {} | {time} |", code(name), run.counts())?;
        }
        targets.iter().try_for_each(|target| write_failures(target, out))?;
        write_slowest(targets, out)
    }
}

fn write_failures(Target { name, run, .. }: &Target, out: &mut dyn Write) -> io::Result<()> {
    if let Some(reason) = run.stopped {
        writeln!(out, "\n> {}: {reason}", code(name))?;
    }
    if let Some(error) = &run.lost {
        writeln!(out, "\n## {}\n\n{}", code(name), fenced(error))?;
    }
    run.hook_failures().try_for_each(|(hook, failure)| write_hook(name, hook, failure, out))?;
    let skipped = run.skipped_by_root();
    let failed = |end: &Finished| matches!(end.outcome, Outcome::Failed | Outcome::TimedOut);
    for (task, end) in run.all_ended().filter(|(_, end)| failed(end)) {
        let skipped = skipped.get(&end.task).map_or(&[][..], Vec::as_slice);
        write_task(name, task, end, skipped, out)?;
    }
    let mut warnings = run.all_warnings(|_| true);
    warnings.try_for_each(|warning| writeln!(out, "\n> warning: {}", one_line(&warning)))
}

fn write_hook(
    target: &str,
    hook: &HookFinished,
    failure: &Failure,
    out: &mut dyn Write,
) -> io::Result<()> {
    let HookFinished { hook: kind, name, file, line, .. } = hook;
    writeln!(out, "\n## {kind} {} failed\n", code(&format!("{target}::{name}")))?;
    let place = code(&format!("{file}:{line}"));
    writeln!(out, "Declared at {place}.\n\n{}", fenced(&failure.to_string()))
}

fn write_task(
    target: &str,
    task: &TaskInfo,
    end: &Finished,
    skipped: &[&TaskInfo],
    out: &mut dyn Write,
) -> io::Result<()> {
    let outcome = end.outcome.as_str().replace('_', " ");
    writeln!(out, "\n## {} {outcome}\n", code(&format!("{target}::{}", task.name)))?;
    let place = code(&format!("{}:{}", task.file, task.line));
    writeln!(
        out,
        "Attempt {} of {}, {}, declared at {place}.\n",
        end.attempts,
        end.most_attempts(),
        seconds(end.duration)
    )?;
    let error = end.failure.as_ref().map(ToString::to_string).unwrap_or_default();
    writeln!(out, "{}", fenced(&error))?;
    if skipped.is_empty() {
        return Ok(());
    }
    let names = skipped.iter().map(|task| code(&task.name));
    writeln!(out, "\nSkipped because of it: {}.", some(names, MOST_SKIPPED))
}

fn write_slowest(targets: &[Target], out: &mut dyn Write) -> io::Result<()> {
    let mut tasks = Vec::new();
    for Target { name, run, .. } in targets {
        let ran = run.all_ended().filter(|(_, end)| end.started.is_some());
        tasks.extend(ran.map(|(task, end)| (format!("{name}::{}", task.name), end.duration)));
    }
    tasks.sort_by_key(|(_, duration)| Reverse(*duration));
    if tasks.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Slowest tasks\n\n| task | time |\n|---|---|")?;
    let mut rows = tasks.into_iter().take(SLOWEST);
    rows.try_for_each(|(name, duration)| {
        writeln!(out, "| {} | {} |", code(&name), seconds(duration))
    })
}

fn seconds(duration: std::time::Duration) -> String {
    format!("{:.3} s", duration.as_secs_f64())
}

/// A text as code, also within a table.
fn code(text: &str) -> String {
    let text = one_line(text).replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn one_line(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join(" ")
}

/// A text as a code block, with a fence longer than any in the text.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{}\n{fence}", text.trim_end())
}
