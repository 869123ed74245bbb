//! Lines and closing as libtest prints them.

use std::io::{self, Write};
use std::time::Duration;

use concurra_core::{Event, Finished, Outcome, Plan, PlannedTask, Report, TaskReport};

use super::attempts::write_earlier;
use super::block::write_failure;
use super::captured::{has_outputs, write_output, write_outputs};
use super::text::plural;
use super::verdict::reason;
use super::{Display, Reporter, Style};

pub(super) struct Pretty {
    display: Display,
}

impl Pretty {
    pub(super) const fn new(display: Display) -> Self {
        Self { display }
    }
}

/// What libtest says of a task. It knows no skip at run time: what was skipped for a failure has
/// failed, and what did not run for another reason is ignored.
pub(super) const fn verdict(outcome: Outcome, bad: bool) -> Verdict {
    match (outcome, bad) {
        (Outcome::Passed, _) => Verdict::Ok,
        (_, true) => Verdict::Failed,
        (_, false) => Verdict::Ignored,
    }
}

fn verdict_of(task: &TaskReport) -> Verdict {
    verdict(task.outcome(), task.is_bad())
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Ok,
    Failed,
    Ignored,
}

impl Reporter for Pretty {
    fn begin(&mut self, plan: &Plan, _: usize, out: &mut dyn Write) -> io::Result<()> {
        let tasks = plan.tasks().len();
        writeln!(out, "\nrunning {tasks} test{}", plural(tasks))
    }

    fn event(&mut self, plan: &Plan, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let end = match event {
            Event::Finished(end) => end,
            Event::Slow { task, running } => return write_slow(plan.task(*task), *running, out),
            _ => return Ok(()),
        };
        let name = plan.task(end.task).name();
        let style = self.display.style;
        match verdict(end.outcome, end.bad) {
            Verdict::Ok => writeln!(out, "test {name} ... {}", style.good("ok")),
            Verdict::Failed => writeln!(out, "test {name} ... {}", style.bad("FAILED")),
            Verdict::Ignored => {
                let ignored = style.outcome(end.outcome, "ignored");
                writeln!(out, "test {name} ... {ignored}, {}", why_ignored(end))
            }
        }
    }

    fn end(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        write_end(report, &self.display, out)
    }

    fn nothing(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write_nothing(&self.display, out)
    }
}

/// As libtest says it, in whole seconds when there are any.
fn write_slow(task: &PlannedTask, running: Duration, out: &mut dyn Write) -> io::Result<()> {
    let seconds = match running.as_secs() {
        0 => format!("{:.2}", running.as_secs_f64()),
        whole => whole.to_string(),
    };
    writeln!(out, "test {} has been running for over {seconds} seconds", task.name())
}

/// The lines of a run without tests.
pub(super) fn write_nothing(display: &Display, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nrunning 0 tests\n")?;
    let figures = Figures::of_nothing(display.filtered_out);
    writeln!(out, "test result: {}. {figures}\n", display.style.good("ok"))
}

/// Why libtest sees the task as ignored.
pub(super) fn why_ignored(end: &Finished) -> String {
    match end.outcome {
        Outcome::Mocked => "mocked".to_owned(),
        _ => reason(end).unwrap_or_default(),
    }
}

/// The failures and the closing line.
pub(super) fn write_end(report: &Report, display: &Display, out: &mut dyn Write) -> io::Result<()> {
    if display.show_output && has_outputs(report) {
        writeln!(out, "\nsuccesses:")?;
        write_outputs(report, display.style, out)?;
    }
    let failed: Vec<&TaskReport> =
        report.tasks().iter().filter(|task| verdict_of(task) == Verdict::Failed).collect();
    if !failed.is_empty() || !report.hook_failures().is_empty() {
        writeln!(out, "\nfailures:")?;
    }
    write_hooks(report, display.style, out)?;
    let setup_failed = report.hook_failures().iter().any(|hook| hook.setup);
    // After a failed setup every task was skipped for it, which needs to be said once.
    for task in failed.iter().filter(|_| !setup_failed) {
        write_task(task, display.style, out)?;
    }
    if !failed.is_empty() {
        writeln!(out, "\nfailures:")?;
        let mut names: Vec<&str> = failed.iter().map(|task| task.name()).collect();
        names.sort_unstable();
        names.iter().try_for_each(|name| writeln!(out, "    {name}"))?;
    }
    for warning in report.warnings() {
        writeln!(out, "\nwarning: {warning}")?;
    }
    let figures = Figures::of(report, display.filtered_out);
    let style = display.style;
    let result = if report.is_good() && figures.failed == 0 {
        style.good("ok")
    } else {
        style.bad("FAILED")
    };
    writeln!(out, "\ntest result: {result}. {figures}\n")
}

fn write_task(task: &TaskReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n---- {} ----", task.name())?;
    writeln!(out, "  declared at {}", task.planned().place())?;
    match (task.failure(), task.outcome(), task.cause()) {
        (Some(failure), ..) => write_failure(&failure, style, out),
        (None, outcome, Some(cause)) => writeln!(out, "{outcome}: {cause}"),
        (None, outcome, None) => writeln!(out, "{outcome}"),
    }?;
    write_earlier(task, style, out)?;
    task.output().map_or(Ok(()), |output| write_output(&output, style, out))
}

fn write_hooks(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for hook in report.hook_failures() {
        let kind = if hook.setup { "setup" } else { "teardown" };
        writeln!(out, "\n---- {kind} {} ({}) ----", hook.name, hook.place)?;
        write_failure(&hook.failure, style, out)?;
    }
    Ok(())
}

/// The figures of libtest's closing line.
pub(super) struct Figures {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) ignored: usize,
    pub(super) filtered_out: usize,
    pub(super) seconds: f64,
}

impl Figures {
    pub(super) const fn of_nothing(filtered_out: usize) -> Self {
        Self { passed: 0, failed: 0, ignored: 0, filtered_out, seconds: 0.0 }
    }

    pub(super) fn of(report: &Report, filtered_out: usize) -> Self {
        let count =
            |wanted| report.tasks().iter().filter(|task| verdict_of(task) == wanted).count();
        Self {
            passed: count(Verdict::Ok),
            failed: count(Verdict::Failed),
            ignored: count(Verdict::Ignored),
            filtered_out,
            seconds: report.duration().as_secs_f64(),
        }
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { passed, failed, ignored, filtered_out, seconds } = self;
        write!(
            f,
            "{passed} passed; {failed} failed; {ignored} ignored; 0 measured; \
             {filtered_out} filtered out; finished in {seconds:.2}s"
        )
    }
}
