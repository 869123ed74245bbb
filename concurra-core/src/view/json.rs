//! A run as one JSON object, for other programs. [`Report::to_json`](crate::Report::to_json)
//! describes the fields.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::RunView;
use crate::counts::Counts;
use crate::event::{AttemptRecord, Finished, HookFinished, StopReason, TaskInfo, rfc3339};
use crate::failure::Failure;
use crate::graph::TaskId;
use crate::outcome::Outcome;

/// Grows when a field vanishes or changes its meaning, not when one is added.
const SCHEMA_VERSION: u32 = 2;

/// A run; each task is made and written by itself, as there may be a million.
pub(crate) struct RunJson<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) start_time: SystemTime,
    pub(crate) duration: Option<Duration>,
    pub(crate) good: bool,
    pub(crate) stopped: Option<StopReason>,
    pub(crate) counts: Counts,
    pub(crate) hooks: &'a [HookFinished],
    pub(crate) warnings: &'a [String],
    pub(crate) len: usize,
    pub(crate) task: &'a dyn Fn(TaskId) -> TaskJson<'a>,
}

/// The fields of [`Report::to_json`](crate::Report::to_json), as far as the events go.
impl Serialize for RunView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let run = RunJson {
            name: self.started.name.as_deref(),
            start_time: self.started.start_time,
            duration: self.finished.as_ref().map(|finished| finished.duration),
            good: self.is_good(),
            stopped: self.stopped,
            counts: self.counts(),
            hooks: &self.hooks,
            warnings: &self.warnings,
            len: self.started.tasks.len(),
            task: &|task| self.task_json(task),
        };
        run.serialize(serializer)
    }
}

impl RunView {
    fn task_json(&self, task: TaskId) -> TaskJson<'_> {
        let info = self.task(task);
        TaskJson {
            start_time: self.started.start_time,
            info: Cow::Borrowed(info),
            end: self.ended(task).map(Cow::Borrowed),
            after: info.after.iter().map(|task| self.task(*task).name.as_str().into()).collect(),
        }
    }
}

impl Serialize for RunJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let failed = self.hooks.iter().filter(|hook| hook.failure.is_some()).map(HookJson);
        let mut run = serializer.serialize_map(None)?;
        run.serialize_entry("schema_version", &SCHEMA_VERSION)?;
        run.serialize_entry("name", &self.name)?;
        write_times(&mut run, Some(self.start_time), self.duration)?;
        run.serialize_entry("good", &self.good)?;
        run.serialize_entry("stopped", &self.stopped)?;
        run.serialize_entry("counts", &by_word(&self.counts))?;
        run.serialize_entry("hook_failures", &failed.collect::<Vec<_>>())?;
        run.serialize_entry("warnings", self.warnings)?;
        run.serialize_entry("tasks", &TasksJson(self))?;
        run.end()
    }
}

struct HookJson<'a>(&'a HookFinished);

impl Serialize for HookJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let HookFinished { hook: kind, name, file, line, failure, .. } = self.0;
        let mut hook = serializer.serialize_map(None)?;
        hook.serialize_entry("name", name)?;
        hook.serialize_entry("hook", kind)?;
        hook.serialize_entry("place", &format!("{file}:{line}"))?;
        hook.serialize_entry("error", &failure.as_ref().map(ToString::to_string))?;
        hook.serialize_entry("trace", &failure.as_ref().and_then(trace))?;
        hook.end()
    }
}

struct TasksJson<'r, 'a>(&'r RunJson<'a>);

impl Serialize for TasksJson<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let RunJson { len, task, .. } = self.0;
        serializer.collect_seq((0..*len).map(|index| task(index.into())))
    }
}

/// One task of a run.
pub(crate) struct TaskJson<'a> {
    /// The start of the run.
    pub(crate) start_time: SystemTime,
    pub(crate) info: Cow<'a, TaskInfo>,
    /// None when the task has not ended.
    pub(crate) end: Option<Cow<'a, Finished>>,
    /// The names of its dependencies.
    pub(crate) after: Vec<Cow<'a, str>>,
}

impl Serialize for TaskJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { start_time, info, end, after } = self;
        let end = end.as_deref();
        let ran = end.and_then(|end| Some((*start_time + end.started?, end.duration)));
        let failure = end.and_then(|end| end.failure.as_ref());
        let attempts = end.map_or(0, |end| end.attempts);
        let records = end.map(Finished::all_attempts).unwrap_or_default();
        let failed = records.iter().filter(|record| record.has_failed());
        let record = |record| AttemptJson { record, start_time: *start_time };
        let mut task = serializer.serialize_map(None)?;
        task.serialize_entry("name", &info.name)?;
        task.serialize_entry("task", &info.task)?;
        task.serialize_entry("file", &info.file)?;
        task.serialize_entry("line", &info.line)?;
        task.serialize_entry("after", after)?;
        task.serialize_entry("tags", &info.tags)?;
        write_times(&mut task, ran.map(|(at, _)| at), ran.map(|(_, duration)| duration))?;
        task.serialize_entry("outcome", &end.map(|end| end.outcome))?;
        task.serialize_entry("result", &end.map(|end| &end.result))?;
        task.serialize_entry("error", &failure.map(ToString::to_string))?;
        task.serialize_entry("trace", &failure.and_then(trace))?;
        task.serialize_entry("cause", &end.map(|end| &end.cause))?;
        task.serialize_entry("execution_mode", &end.map(|end| end.mode))?;
        task.serialize_entry("worker", &end.map(|end| end.worker))?;
        task.serialize_entry("output", &end.map(|end| &end.output))?;
        task.serialize_entry("warning", &end.map(|end| &end.warning))?;
        task.serialize_entry("attempts", &attempts)?;
        task.serialize_entry("retries", &info.retries)?;
        task.serialize_entry("retried", &(attempts > 1))?;
        task.serialize_entry(
            "retry_errors",
            &failed.filter_map(AttemptRecord::error).collect::<Vec<_>>(),
        )?;
        task.serialize_entry("attempt_records", &records.iter().map(record).collect::<Vec<_>>())?;
        task.end()
    }
}

struct AttemptJson<'a> {
    record: &'a AttemptRecord,
    start_time: SystemTime,
}

impl Serialize for AttemptJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = self.record;
        let mut attempt = serializer.serialize_map(None)?;
        attempt.serialize_entry("number", &record.number)?;
        write_times(&mut attempt, Some(self.start_time + record.started), Some(record.duration))?;
        attempt.serialize_entry("worker", &record.worker)?;
        attempt.serialize_entry("mode", &record.mode)?;
        attempt.serialize_entry("outcome", &record.outcome)?;
        attempt.serialize_entry("failure", &record.error())?;
        attempt.serialize_entry("output", &record.output)?;
        attempt.end()
    }
}

/// Writes when something started and ended, and how long it took.
fn write_times<M: SerializeMap>(
    map: &mut M,
    start: Option<SystemTime>,
    duration: Option<Duration>,
) -> Result<(), M::Error> {
    let end = start.zip(duration).map(|(start, duration)| start + duration);
    map.serialize_entry("start_time", &start.and_then(time))?;
    map.serialize_entry("end_time", &end.and_then(time))?;
    map.serialize_entry("duration_seconds", &duration.as_ref().map(Duration::as_secs_f64))
}

fn by_word(counts: &Counts) -> BTreeMap<&'static str, usize> {
    let outcomes = Outcome::ALL.map(|outcome| (outcome.as_str(), counts.of(outcome)));
    outcomes.into_iter().chain([("flaky", counts.flaky()), ("total", counts.total())]).collect()
}

/// The place of a panic and its backtrace, as far as they are known.
pub(crate) fn trace(failure: &Failure) -> Option<String> {
    let place = failure.place.as_ref().map(|place| format!("at {place}"));
    let parts: Vec<String> = place.into_iter().chain(failure.trace.clone()).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

fn time(time: SystemTime) -> Option<String> {
    rfc3339::text(time, humantime::format_rfc3339_millis)
}
