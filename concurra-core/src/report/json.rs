//! The report as JSON, for other programs.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Value as Json, json};

use super::{Report, TaskReport};
use crate::engine::HookFailure;
use crate::event::{StopReason, TaskOutput};
use crate::failure::Failure;
use crate::outcome::{ExecutionMode, Outcome};

/// Grows when a field goes or changes its meaning, not when one is added.
const SCHEMA_VERSION: u32 = 2;

impl Report {
    /// The report as JSON, for other programs; see the fields below. Secrets are `***`.
    ///
    /// Of the run: `schema_version` (2), `name` (or null), `start_time`, `end_time` (RFC 3339 in
    /// UTC), `duration_seconds`, `good`, `stopped` (`failures`, `interrupt`, `terminate`, `timeout`,
    /// `abort`, or null), `counts` (a number for each outcome, and `flaky`, `total`),
    /// `hook_failures` (of each `name`, `hook`: `setup` or `teardown`, `place`, `error`, `trace`),
    /// `warnings`, `tasks`.
    ///
    /// Of each task: `name`, `task` (the function's path, `closure`, or the command), `file` and `line`
    /// (where it stands, or was added), `after` (the names of the tasks it waited for), `tags`,
    /// `start_time`, `end_time`, `duration_seconds` (null when it never started), `outcome`,
    /// `result` (null when there is none or its type cannot be written), `error`, `trace`, `cause`,
    /// `execution_mode`, `worker`, `output` (`stdout` and `stderr` of the last attempt of a command or
    /// an isolated task, else null), `warning` (null when there is none), `attempts`, `retries`,
    /// `retried`, `retry_errors`, `attempt_records` (of each attempt `number`, `start_time`, `end_time`,
    /// `duration_seconds`, `worker`, `mode`, `outcome`, `failure`, `output`).
    ///
    /// A closure's result can be written when its type is one of std's common ones or an annotated
    /// task of the program returns it; an annotated task's when it implements `serde::Serialize`.
    /// Numbers that JSON has no room for are text: `NaN`, `Infinity`, integers of more than 64 bits.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("answer", || 42);
    /// let report = runner.run().unwrap().to_json();
    /// assert_eq!(report["tasks"][0]["result"], 42);
    /// assert_eq!(report["counts"]["passed"], 1);
    /// ```
    ///
    /// All of it is in memory at once, about 3 KB for each task. A report also implements
    /// `serde::Serialize`, which writes the same JSON task by task and keeps none of it:
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add_all((0..1000).map(|task| (format!("task {task}"), || ())));
    /// let report = runner.run().unwrap();
    /// serde_json::to_writer(std::io::sink(), &report)?;
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "every field has its place in JSON")]
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).expect("every field has its place in JSON")
    }

    fn hook(&self, hook: &HookFailure) -> Json {
        json!({
            "name": hook.name,
            "hook": if hook.setup { "setup" } else { "teardown" },
            "place": hook.place.to_string(),
            "error": self.mask(&hook.failure.to_string()),
            "trace": trace(&self.table.masked_failure(hook.failure.clone())),
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

/// The fields of [`Report::to_json`]; tasks are made and written one by one.
impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hooks: Vec<Json> = self.hook_failures().iter().map(|hook| self.hook(hook)).collect();
        let mut fields = serializer.serialize_struct("Report", 11)?;
        fields.serialize_field("schema_version", &SCHEMA_VERSION)?;
        fields.serialize_field("name", &self.name().map(|name| self.mask(name)))?;
        fields.serialize_field("start_time", &time(self.start_time()))?;
        fields.serialize_field("end_time", &time(self.end_time()))?;
        fields.serialize_field("duration_seconds", &self.duration().as_secs_f64())?;
        fields.serialize_field("good", &self.is_good())?;
        fields.serialize_field("stopped", &self.stopped().map(word))?;
        fields.serialize_field("counts", &self.counts_by_word())?;
        fields.serialize_field("hook_failures", &hooks)?;
        fields.serialize_field("warnings", &self.warnings())?;
        fields.serialize_field("tasks", self.tasks())?;
        fields.end()
    }
}

/// The fields that [`Report::to_json`] has of a task.
impl Serialize for TaskReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let failure = self.failure();
        let earlier = self.retry_errors();
        let earlier: Vec<_> = earlier.iter().map(ToString::to_string).collect();
        let place = self.planned().place();
        let after = self.after();
        let after: Vec<_> = after.iter().map(Self::told_name).collect();
        let mut fields = serializer.serialize_struct("TaskReport", 23)?;
        fields.serialize_field("name", &self.told_name())?;
        fields.serialize_field("task", &self.task())?;
        fields.serialize_field("file", place.file)?;
        fields.serialize_field("line", &place.line)?;
        fields.serialize_field("after", &after)?;
        fields.serialize_field("tags", &self.told_tags())?;
        fields.serialize_field("start_time", &self.start_time().map(time))?;
        fields.serialize_field("end_time", &self.end_time().map(time))?;
        let seconds = self.duration().as_ref().map(Duration::as_secs_f64);
        fields.serialize_field("duration_seconds", &seconds)?;
        fields.serialize_field("outcome", self.outcome().as_str())?;
        fields.serialize_field("result", &self.told_result())?;
        fields.serialize_field("error", &failure.as_ref().map(ToString::to_string))?;
        fields.serialize_field("trace", &failure.as_ref().and_then(trace))?;
        fields.serialize_field("cause", &self.cause())?;
        let mode = self.execution_mode().map(ExecutionMode::as_str);
        fields.serialize_field("execution_mode", &mode)?;
        fields.serialize_field("worker", &self.worker())?;
        fields.serialize_field("output", &output(self.output().as_ref()))?;
        fields.serialize_field("warning", &self.warning())?;
        fields.serialize_field("attempts", &self.attempts())?;
        fields.serialize_field("retries", &self.retries())?;
        fields.serialize_field("retried", &self.retried())?;
        fields.serialize_field("retry_errors", &earlier)?;
        fields.serialize_field("attempt_records", &self.attempt_records())?;
        fields.end()
    }
}

/// What an attempt wrote.
pub(super) fn output(output: Option<&TaskOutput>) -> Option<Json> {
    let TaskOutput { stdout, stderr } = output?;
    Some(json!({ "stdout": stdout, "stderr": stderr }))
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

/// RFC 3339 in UTC; none when the clock is centuries away.
pub(super) fn time(time: SystemTime) -> Option<String> {
    let mut text = String::new();
    // The formatter panics at times before its first year, and fails at those after its last.
    let written = time.duration_since(SystemTime::UNIX_EPOCH).is_ok()
        && write!(text, "{}", humantime::format_rfc3339_millis(time)).is_ok();
    written.then_some(text)
}
