//! A JSON object per line as libtest prints them with `--format json`.

use std::io::{self, Write};

use concurra_core::{Event, Failure, Finished, Plan, Report, TaskOutput};
use serde_json::{Value, json};

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
        writeln!(out, "{}", suite_started(plan.tasks().len()))
    }

    fn event(&mut self, plan: &Plan, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::Started { task, .. } => {
                let name = plan.task(*task).name();
                writeln!(out, "{}", json!({"type": "test", "event": "started", "name": name}))
            }
            Event::Finished(end) => {
                writeln!(
                    out,
                    "{}",
                    ended(plan.task(end.task).name(), end, self.display.show_output)
                )
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
        let figures = Figures::of(report, self.display.filtered_out);
        let good = report.is_good() && figures.failed == 0;
        writeln!(out, "{}", suite_ended(good, &figures))
    }

    fn nothing(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", suite_started(0))?;
        let figures = Figures::of_nothing(self.display.filtered_out);
        writeln!(out, "{}", suite_ended(true, &figures))
    }
}

fn suite_started(tests: usize) -> Value {
    json!({"type": "suite", "event": "started", "test_count": tests})
}

fn suite_ended(good: bool, figures: &Figures) -> Value {
    let Figures { passed, failed, ignored, filtered_out, seconds } = figures;
    json!({
        "type": "suite", "event": if good { "ok" } else { "failed" }, "passed": passed,
        "failed": failed, "ignored": ignored, "measured": 0, "filtered_out": filtered_out,
        "exec_time": seconds,
    })
}

fn ended(name: &str, end: &Finished, show_output: bool) -> Value {
    let mut line = json!({"type": "test", "name": name});
    match verdict(end.outcome, end.bad) {
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
