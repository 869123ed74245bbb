//! The first and the last line of a run.

use std::io::{self, Write};

use concurra_core::shown::line;
use concurra_core::{RunFinished, RunStarted, RunView, SelectionSummary, TaskInfo};

use super::Style;
use super::text::plural;

/// Writes the selection and the number of tasks that will run.
pub(super) fn write_head(run: &RunStarted, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", head(&run.selection))?;
    writeln!(out, "{} on {} worker{}", running(&run.tasks), run.workers, plural(run.workers))
}

/// `running 5 tasks (1 mocked, 2 ignored, 1 skipped)`: tasks that do not run count apart.
fn running(tasks: &[TaskInfo]) -> String {
    let mocked = tasks.iter().filter(|task| task.is_mocked).count();
    let ignored = tasks.iter().filter(|task| task.ignored.is_some()).count();
    let skipped = tasks.iter().filter(|task| task.needs_excluded.is_some()).count();
    let run = tasks.len() - mocked - ignored - skipped;
    let others = [(mocked, "mocked"), (ignored, "ignored"), (skipped, "skipped")].into_iter();
    let others =
        others.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let others = others.collect::<Vec<_>>().join(", ");
    let others = if others.is_empty() { others } else { format!(" ({others})") };
    format!("running {run} task{}{others}", plural(run))
}

/// `selected 7 of 35: (layer1 | layer2) & capA`.
pub(crate) fn head(head: &SelectionSummary) -> String {
    let mut text = format!("selected {} of {}", head.chosen, head.total);
    if let Some(filter) = &head.filter {
        text += &format!(": {}", line(filter));
    }
    if head.pulled_in > 0 {
        let ending = if head.pulled_in == 1 { "y" } else { "ies" };
        text += &format!("; {} dependenc{ending} pulled in (dep)", head.pulled_in);
    }
    if head.mocked > 0 {
        text += &format!("; {} mocked", head.mocked);
    }
    if head.skipped > 0 {
        let need = if head.skipped == 1 { "it needs" } else { "they need" };
        text += &format!("; {} skipped (what {need} is excluded)", head.skipped);
    }
    if let Some(left) = head.dependencies_left.filter(|left| *left > 0) {
        let ending = if left == 1 { "y" } else { "ies" };
        text += &format!("; {left} dependenc{ending} not run (--with-deps runs them)");
    }
    text
}

/// `==== 3 passed, 1 failed, 2 skipped in 1.02s (interrupted) ====`.
pub(super) fn write_summary(
    run: &RunView,
    finished: &RunFinished,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let stopped = finished.stopped.map(|reason| format!(" ({reason})")).unwrap_or_default();
    let seconds = finished.duration.as_secs_f64();
    let line = format!("==== {} in {seconds:.2}s{stopped} ====", run.summary());
    writeln!(out, "{}", if finished.good { style.good(line) } else { style.bad(line) })
}
