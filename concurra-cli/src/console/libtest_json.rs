//! A JSON object per line as libtest prints them with `--format json`.

use std::io::{self, Write};

use concurra_core::{Event, Failure, Finished, HookFinished, RunFinished, RunView, TaskOutput};
use serde_json::{Value, json};

use super::Style;
use super::libtest_pretty::{Verdict, figures, verdict, why_ignored};
use super::verdict::reason;
use crate::report::{Reporter, Target};

pub(super) struct Json(pub(super) Style);

impl Reporter for Json {
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let run = &target.run;
        match event {
            Event::RunStarted(started) => {
                let count = started.tasks.len();
                let line = json!({"type": "suite", "event": "started", "test_count": count});
                writeln!(out, "{line}")
            }
            Event::Started { task, .. } => {
                let name = &run.task(*task).name;
                writeln!(out, "{}", json!({"type": "test", "event": "started", "name": name}))
            }
            Event::Finished(end) => {
                let line = ended(&run.task(end.task).name, end, self.0.show_output);
                writeln!(out, "{line}")
            }
            Event::RunFinished(finished) => write_end(run, finished, out),
            _ => Ok(()),
        }
    }
}

fn write_end(run: &RunView, finished: &RunFinished, out: &mut dyn Write) -> io::Result<()> {
    let [passed, mut failed, ignored] = figures(run);
    for (HookFinished { name, .. }, failure) in run.hook_failures() {
        failed += 1;
        let text = text_of(failure);
        let line = json!({"type": "test", "event": "failed", "name": name, "stdout": text});
        writeln!(out, "{line}")?;
    }
    let event = if finished.good && failed == 0 { "ok" } else { "failed" };
    let mut line = json!({
        "type": "suite", "event": event, "passed": passed, "failed": failed, "ignored": ignored,
        "measured": 0, "filtered_out": run.started.selection.left_out,
        "exec_time": finished.duration.as_secs_f64(),
    });
    if let Some(reason) = finished.stopped {
        line["stopped"] = reason.to_string().into();
    }
    writeln!(out, "{line}")
}

fn ended(name: &str, end: &Finished, show_output: bool) -> Value {
    let mut line = json!({"type": "test", "name": name});
    match verdict(end) {
        Verdict::Ok => {
            line["event"] = "ok".into();
            if let Some(output) = end.output.as_ref().filter(|_| show_output) {
                line["stdout"] = both(output).into();
            }
        }
        Verdict::Failed => {
            line["event"] = "failed".into();
            let text = end.failure.as_ref().map(text_of).or_else(|| reason(end));
            let output = end.output.as_ref().map(both).unwrap_or_default();
            line["stdout"] = (output + &text.unwrap_or_default()).into();
        }
        Verdict::Ignored => {
            line["event"] = "ignored".into();
            line["message"] = why_ignored(end).into();
        }
    }
    if end.worker.is_some() {
        line["exec_time"] = end.duration.as_secs_f64().into();
    }
    line
}

/// libtest knows one stream.
fn both(output: &TaskOutput) -> String {
    format!("{}{}", output.stdout, output.stderr)
}

fn text_of(failure: &Failure) -> String {
    let place = failure.place.as_ref().map(|place| format!(" at {place}"));
    format!("{failure}{}\n", place.unwrap_or_default())
}
