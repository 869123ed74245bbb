//! The report as JSON, for other programs.

use std::fmt::Write;
use std::time::SystemTime;

use serde_json::{Value as Json, json};

use super::{Report, TaskReport};
use crate::engine::HookFailure;
use crate::event::StopReason;
use crate::failure::Failure;
use crate::outcome::Outcome;

/// Grows when a field goes or changes its meaning, not when one is added.
const SCHEMA_VERSION: u32 = 1;

impl Report {
    /// The report as JSON, for other programs; see the fields below. Secrets are `***`.
    ///
    /// Of the run: `schema_version` (1), `name` (or null), `start_time`, `end_time` (RFC 3339 in
    /// UTC), `duration_seconds`, `good`, `stopped` (`failures`, `interrupt`, `terminate`, `timeout`,
    /// `abort`, or null), `counts` (a number for each outcome, and `flaky`, `total`),
    /// `hook_failures` (of each `name`, `hook`: `setup` or `teardown`, `place`, `error`, `trace`),
    /// `warnings`, `tasks`.
    ///
    /// Of each task: `name`, `task` (the function's path, `closure`, or the command), `tags`,
    /// `start_time`, `end_time`, `duration_seconds` (null when it never started), `outcome`,
    /// `result` (null when there is none or its type cannot be written), `error`, `trace`, `cause`,
    /// `execution_mode`, `worker`, `warning` (null when there is none), `attempts`, `retries`,
    /// `retried`, `retry_errors`.
    ///
    /// A closure's result can be written when its type is one of std's common ones or an annotated
    /// task of the program returns it; an annotated task's when it implements `serde::Serialize`.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("answer", || 42);
    /// let report = runner.run().unwrap().to_json();
    /// assert_eq!(report["tasks"][0]["result"], 42);
    /// assert_eq!(report["counts"]["passed"], 1);
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Json {
        let warnings: Vec<_> = self.warnings().iter().map(|text| self.mask(text)).collect();
        let hooks: Vec<Json> = self.hook_failures().iter().map(|hook| self.hook(hook)).collect();
        let tasks: Vec<Json> = self.tasks().iter().map(|task| self.task(task)).collect();
        json!({
            "schema_version": SCHEMA_VERSION,
            "name": self.name(),
            "start_time": time(self.start_time()),
            "end_time": time(self.end_time()),
            "duration_seconds": self.duration().as_secs_f64(),
            "good": self.is_good(),
            "stopped": self.stopped().map(word),
            "counts": self.counts_by_word(),
            "hook_failures": hooks,
            "warnings": warnings,
            "tasks": tasks,
        })
    }

    fn task(&self, task: &TaskReport) -> Json {
        let told = |text: Option<String>| text.map(|text| self.mask(&text).into_owned());
        let retry_errors: Vec<_> =
            task.retry_errors().iter().map(|failure| told(Some(failure.to_string()))).collect();
        json!({
            "name": task.name(),
            "task": told(Some(task.task())),
            "tags": task.tags().collect::<Vec<_>>(),
            "start_time": task.start_time().map(time),
            "end_time": task.end_time().map(time),
            "duration_seconds": task.duration().map(|duration| duration.as_secs_f64()),
            "outcome": task.outcome().as_str(),
            "result": self.told_result(task),
            "error": told(task.error()),
            "trace": told(task.trace()),
            "cause": told(task.cause()),
            "execution_mode": task.execution_mode().map(|mode| mode.as_str()),
            "worker": task.worker(),
            "warning": told(task.warning()),
            "attempts": task.attempts(),
            "retries": task.retries(),
            "retried": task.retried(),
            "retry_errors": retry_errors,
        })
    }

    fn hook(&self, hook: &HookFailure) -> Json {
        json!({
            "name": hook.name,
            "hook": if hook.setup { "setup" } else { "teardown" },
            "place": hook.place.to_string(),
            "error": self.mask(&hook.failure.to_string()),
            "trace": trace(&hook.failure).map(|trace| self.mask(&trace).into_owned()),
        })
    }

    fn counts_by_word(&self) -> Json {
        let counts = self.counts();
        let by_outcome = Outcome::ALL.map(|outcome| (outcome.as_str(), counts.of(outcome)));
        let others = [("flaky", counts.flaky()), ("total", counts.total())];
        let entry = |(word, count): (&str, usize)| (word.to_owned(), Json::from(count));
        by_outcome.into_iter().chain(others).map(entry).collect()
    }
}

/// Where a failure was and the way there, as far as it is known.
pub(super) fn trace(failure: &Failure) -> Option<String> {
    let place = failure.place.as_ref().map(|place| format!("at {place}"));
    let parts: Vec<String> = place.into_iter().chain(failure.trace.clone()).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

const fn word(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Failures => "failures",
        StopReason::Interrupt => "interrupt",
        StopReason::Terminate => "terminate",
        StopReason::Timeout => "timeout",
        StopReason::Abort => "abort",
    }
}

/// RFC 3339 in UTC; null when the clock is centuries away.
fn time(time: SystemTime) -> Json {
    let mut text = String::new();
    // The formatter panics at times before its first year, and fails at those after its last.
    let written = time.duration_since(SystemTime::UNIX_EPOCH).is_ok()
        && write!(text, "{}", humantime::format_rfc3339_millis(time)).is_ok();
    if written { text.into() } else { Json::Null }
}
