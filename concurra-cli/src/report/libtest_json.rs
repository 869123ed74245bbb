//! A JSON object per line as libtest prints them with `--format json`.

use std::io::{self, Write};

use concurra_core::{Event, Failure, Finished, Plan, Report};
use serde_json::json;

use super::libtest_pretty::{Figures, Verdict, verdict, why_ignored};
use super::verdict::reason;
use super::{Display, Reporter};

pub(super) struct Json {
    display: Display,
}

impl Json {
    pub(super) const fn new(display: Display) -> Self {
        Self { display }
    }
}

impl Reporter for Json {
    fn begin(&mut self, plan: &Plan, _: usize, out: &mut dyn Write) -> io::Result<()> {
        let count = plan.tasks().len();
        writeln!(out, "{}", json!({"type": "suite", "event": "started", "test_count": count}))
    }

    fn event(&mut self, plan: &Plan, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::Started { task, .. } => {
                let name = plan.task(*task).name();
                writeln!(out, "{}", json!({"type": "test", "event": "started", "name": name}))
            }
            Event::Finished(end) => {
                writeln!(out, "{}", ended(plan.task(end.task).name(), end))
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        for hook in report.hook_failures() {
            let text = text_of(&hook.failure);
            let name = &hook.name;
            writeln!(
                out,
                "{}",
                json!({"type": "test", "event": "failed", "name": name, "stdout": text})
            )?;
        }
        let Figures { passed, failed, ignored, filtered_out, seconds } =
            Figures::of(report, self.display.filtered_out);
        let event = if report.is_good() && failed == 0 { "ok" } else { "failed" };
        let line = json!({
            "type": "suite", "event": event, "passed": passed, "failed": failed,
            "ignored": ignored, "measured": 0, "filtered_out": filtered_out, "exec_time": seconds,
        });
        writeln!(out, "{line}")
    }
}

fn ended(name: &str, end: &Finished) -> serde_json::Value {
    let mut line = json!({"type": "test", "name": name});
    match verdict(end.outcome, end.bad) {
        Verdict::Ok => line["event"] = "ok".into(),
        Verdict::Failed => {
            line["event"] = "failed".into();
            let text = end.failure.as_ref().map(text_of).or_else(|| reason(end));
            line["stdout"] = text.unwrap_or_default().into();
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

fn text_of(failure: &Failure) -> String {
    let place = failure.place.as_ref().map(|place| format!(" at {place}"));
    format!("{failure}{}\n", place.unwrap_or_default())
}
