//! Lines and closing as libtest prints them.

use std::io::{self, Write};
use std::time::Duration;

use concurra_core::shown::{line, paragraph};
use concurra_core::{
    Event, Failure, Finished, HookFinished, HookKind, Outcome, RunFinished, RunView, TaskInfo,
};

use super::Style;
use super::attempts::write_earlier;
use super::block::write_failure;
use super::captured::{write_output, write_outputs};
use super::stopping::stopping;
use super::text::plural;
use super::verdict::reason;
use crate::report::{Reporter, Target};

pub(super) struct Pretty(pub(super) Style);

/// A task's verdict in libtest's words. libtest has no skip at run time: a task skipped because of a
/// failure counts as failed, one that did not run for another reason as ignored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Ok,
    Failed,
    Ignored,
}

pub(super) const fn verdict(end: &Finished) -> Verdict {
    match (end.outcome, end.bad) {
        (Outcome::Passed, _) => Verdict::Ok,
        (_, true) => Verdict::Failed,
        (_, false) => Verdict::Ignored,
    }
}

impl Reporter for Pretty {
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let run = &target.run;
        match event {
            Event::RunStarted(started) => write_begin(started.tasks.len(), out),
            Event::Slow { task, running } => write_slow(&run.task(*task).name, *running, out),
            Event::Finished(end) => {
                let style = self.0;
                let verdict = match verdict(end) {
                    Verdict::Ok => style.good("ok"),
                    Verdict::Failed => style.bad("FAILED"),
                    Verdict::Ignored => {
                        let ignored = style.outcome(end.outcome, "ignored");
                        format!("{ignored}, {}", line(&why_ignored(end)))
                    }
                };
                writeln!(out, "test {} ... {verdict}", run.task(end.task).name)
            }
            Event::Stopping { reason, cancels } => {
                writeln!(out, "{}", stopping(*reason, *cancels, run, self.0))
            }
            Event::RunFinished(finished) => write_end(run, finished, self.0, out),
            _ => Ok(()),
        }
    }
}

pub(super) fn write_begin(tasks: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nrunning {tasks} test{}", plural(tasks))
}

/// Writes libtest's line, in whole seconds from one second on.
fn write_slow(name: &str, running: Duration, out: &mut dyn Write) -> io::Result<()> {
    let seconds = match running.as_secs() {
        0 => format!("{:.2}", running.as_secs_f64()),
        whole => whole.to_string(),
    };
    writeln!(out, "test {name} has been running for over {seconds} seconds")
}

/// Why libtest sees the task as ignored.
pub(super) fn why_ignored(end: &Finished) -> String {
    match end.outcome {
        Outcome::Mocked => "mocked".to_owned(),
        _ => reason(end).unwrap_or_default(),
    }
}

/// The failures and the closing line.
pub(super) fn write_end(
    run: &RunView,
    finished: &RunFinished,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if style.show_output {
        write_outputs(run, "\nsuccesses:\n", style, out)?;
    }
    let failed = run.all_ended().filter(|(_, end)| verdict(end) == Verdict::Failed);
    let failed = failed.collect::<Vec<_>>();
    let hooks = run.hook_failures().collect::<Vec<_>>();
    if !failed.is_empty() || !hooks.is_empty() {
        writeln!(out, "\nfailures:")?;
    }
    hooks.iter().try_for_each(|(hook, failure)| write_hook(hook, failure, style, out))?;
    // After a failed setup every task is skipped because of it; one block is enough.
    if !hooks.iter().any(|(hook, _)| hook.hook == HookKind::Setup) {
        failed.iter().try_for_each(|(task, end)| write_task(task, end, style, out))?;
    }
    if !failed.is_empty() {
        writeln!(out, "\nfailures:")?;
        let mut names = failed.iter().map(|(task, _)| task.name.as_str()).collect::<Vec<_>>();
        names.sort_unstable();
        names.iter().try_for_each(|name| writeln!(out, "    {name}"))?;
    }
    run.all_warnings(|_| true)
        .try_for_each(|warning| writeln!(out, "\nwarning: {}", paragraph(&warning, "  ")))?;
    if let Some(reason) = finished.stopped {
        writeln!(out, "\nerror: {reason}")?;
    }
    let [passed, failed, ignored] = figures(run);
    let (filtered_out, seconds) = (run.started.selection.left_out, finished.duration.as_secs_f64());
    let result = if finished.good && failed == 0 { style.good("ok") } else { style.bad("FAILED") };
    writeln!(
        out,
        "\ntest result: {result}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; \
         {filtered_out} filtered out; finished in {seconds:.2}s\n"
    )
}

fn write_task(
    task: &TaskInfo,
    end: &Finished,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n---- {} ----", task.name)?;
    writeln!(out, "  declared at {}:{}", line(&task.file), task.line)?;
    match (&end.failure, &end.cause) {
        (Some(failure), _) => write_failure(failure, style, out),
        (None, Some(cause)) => writeln!(out, "{}: {}", end.outcome, line(cause)),
        (None, None) => writeln!(out, "{}", end.outcome),
    }?;
    write_earlier(end, style, out)?;
    end.output.as_ref().map_or(Ok(()), |output| write_output(output, style, out))
}

fn write_hook(
    hook: &HookFinished,
    failure: &Failure,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let HookFinished { hook: kind, name, file, line: at, .. } = hook;
    writeln!(out, "\n---- {kind} {name} ({}:{at}) ----", line(file))?;
    write_failure(failure, style, out)
}

/// How many tasks passed, failed and were ignored, for libtest's closing line.
pub(super) fn figures(run: &RunView) -> [usize; 3] {
    [Verdict::Ok, Verdict::Failed, Verdict::Ignored]
        .map(|wanted| run.all_ended().filter(|(_, end)| verdict(end) == wanted).count())
}
