//! A run as one JSON object, for other programs. [`Report::to_json`](crate::Report::to_json)
//! describes the fields.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, SystemTime};

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::RunView;
use crate::counts::Counts;
use crate::event::{AttemptRecord, Finished, HookFinished, StopReason, TaskInfo, TaskOutput};
use crate::failure::Failure;
use crate::graph::TaskId;
use crate::outcome::{ExecutionMode, Outcome};

/// Grows when a field goes or changes its meaning, not when one is added.
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
    pub(crate) tasks: &'a dyn TaskSource,
}

/// Where the tasks of a run come from, by their index.
pub(crate) trait TaskSource {
    /// The number of tasks.
    fn len(&self) -> usize;

    /// A task's name.
    fn name(&self, task: TaskId) -> Cow<'_, str>;

    /// What is known of a task beforehand.
    fn info(&self, task: TaskId) -> Cow<'_, TaskInfo>;

    /// How a task ended; `None` when it has not.
    fn ended(&self, task: TaskId) -> Option<Cow<'_, Finished>>;
}

#[derive(Serialize)]
struct Run<'a> {
    schema_version: u32,
    name: Option<&'a str>,
    start_time: Option<String>,
    end_time: Option<String>,
    duration_seconds: Option<f64>,
    good: bool,
    stopped: Option<StopReason>,
    counts: BTreeMap<&'static str, usize>,
    hook_failures: Vec<Hook<'a>>,
    warnings: &'a [String],
    tasks: Tasks<'a>,
}

#[derive(Serialize)]
struct Hook<'a> {
    name: &'a str,
    hook: String,
    place: String,
    error: String,
    trace: Option<String>,
}

#[derive(Serialize)]
struct Task<'a> {
    name: &'a str,
    task: &'a str,
    file: &'a str,
    line: u32,
    after: &'a [Cow<'a, str>],
    tags: &'a [String],
    start_time: Option<String>,
    end_time: Option<String>,
    duration_seconds: Option<f64>,
    outcome: Option<Outcome>,
    result: Option<&'a Json>,
    error: Option<String>,
    trace: Option<String>,
    cause: Option<&'a str>,
    execution_mode: Option<ExecutionMode>,
    worker: Option<usize>,
    output: Option<&'a TaskOutput>,
    warning: Option<&'a str>,
    attempts: u32,
    retries: u32,
    retried: bool,
    retry_errors: Vec<String>,
    attempt_records: Vec<Attempt>,
}

#[derive(Serialize)]
struct Attempt {
    number: u32,
    start_time: Option<String>,
    end_time: Option<String>,
    duration_seconds: f64,
    worker: Option<usize>,
    mode: ExecutionMode,
    outcome: Outcome,
    failure: Option<String>,
    output: Option<TaskOutput>,
}

struct Tasks<'a>(&'a RunJson<'a>);

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
            tasks: self,
        };
        run.serialize(serializer)
    }
}

impl TaskSource for RunView {
    fn len(&self) -> usize {
        self.started.tasks.len()
    }

    fn name(&self, task: TaskId) -> Cow<'_, str> {
        self.task(task).name.as_str().into()
    }

    fn info(&self, task: TaskId) -> Cow<'_, TaskInfo> {
        Cow::Borrowed(self.task(task))
    }

    fn ended(&self, task: TaskId) -> Option<Cow<'_, Finished>> {
        Self::ended(self, task).map(Cow::Borrowed)
    }
}

impl Serialize for RunJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let failed = self.hooks.iter().filter_map(|hook| Some((hook, hook.failure.as_ref()?)));
        let run = Run {
            schema_version: SCHEMA_VERSION,
            name: self.name,
            start_time: time(self.start_time),
            end_time: self.duration.and_then(|duration| time(self.start_time + duration)),
            duration_seconds: self.duration.as_ref().map(Duration::as_secs_f64),
            good: self.good,
            stopped: self.stopped,
            counts: by_word(&self.counts),
            hook_failures: failed.map(|(hook, failure)| Hook::new(hook, failure)).collect(),
            warnings: self.warnings,
            tasks: Tasks(self),
        };
        run.serialize(serializer)
    }
}

impl Serialize for Tasks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(RunJson { start_time, tasks, .. }) = self;
        let task = |index: usize| TaskJson::new(*tasks, index.into(), *start_time);
        serializer.collect_seq((0..tasks.len()).map(task))
    }
}

/// One task of a run.
pub(crate) struct TaskJson<'a> {
    start_time: SystemTime,
    info: Cow<'a, TaskInfo>,
    end: Option<Cow<'a, Finished>>,
    after: Vec<Cow<'a, str>>,
}

impl<'a> TaskJson<'a> {
    pub(crate) fn new(tasks: &'a dyn TaskSource, task: TaskId, start_time: SystemTime) -> Self {
        let (info, end) = (tasks.info(task), tasks.ended(task));
        let after = info.after.iter().map(|task| tasks.name(*task)).collect();
        Self { start_time, info, end, after }
    }
}

impl Serialize for TaskJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { start_time, info, end, after } = self;
        let end = end.as_deref();
        let failure = end.and_then(|end| end.failure.as_ref());
        let at = end.and_then(|end| Some(*start_time + end.started?));
        let duration = end.filter(|end| end.started.is_some()).map(|end| end.duration);
        let attempts = end.map_or(0, |end| end.attempts);
        let records = end.map(Finished::all_attempts).unwrap_or_default();
        let failed =
            records.iter().filter(|record| record.is_retried || record.outcome == Outcome::Failed);
        let task = Task {
            name: &info.name,
            task: &info.task,
            file: &info.file,
            line: info.line,
            after,
            tags: &info.tags,
            start_time: at.and_then(time),
            end_time: at.zip(duration).and_then(|(at, duration)| time(at + duration)),
            duration_seconds: duration.as_ref().map(Duration::as_secs_f64),
            outcome: end.map(|end| end.outcome),
            result: end.and_then(|end| end.result.as_ref()),
            error: failure.map(ToString::to_string),
            trace: failure.and_then(trace),
            cause: end.and_then(|end| end.cause.as_deref()),
            execution_mode: end.and_then(|end| end.mode),
            worker: end.and_then(|end| end.worker),
            output: end.and_then(|end| end.output.as_ref()),
            warning: end.and_then(|end| end.warning.as_deref()),
            attempts,
            retries: info.retries,
            retried: attempts > 1,
            retry_errors: failed.filter_map(AttemptRecord::error).collect(),
            attempt_records: records
                .iter()
                .map(|record| Attempt::new(record, *start_time))
                .collect(),
        };
        task.serialize(serializer)
    }
}

impl<'a> Hook<'a> {
    fn new(hook: &'a HookFinished, failure: &Failure) -> Self {
        Self {
            name: &hook.name,
            hook: hook.hook.to_string(),
            place: format!("{}:{}", hook.file, hook.line),
            error: failure.to_string(),
            trace: trace(failure),
        }
    }
}

impl Attempt {
    fn new(record: &AttemptRecord, start: SystemTime) -> Self {
        let at = start + record.started;
        Self {
            number: record.number,
            start_time: time(at),
            end_time: time(at + record.duration),
            duration_seconds: record.duration.as_secs_f64(),
            worker: record.worker,
            mode: record.mode,
            outcome: record.outcome,
            failure: record.error(),
            output: record.output.clone(),
        }
    }
}

fn by_word(counts: &Counts) -> BTreeMap<&'static str, usize> {
    let outcomes = Outcome::ALL.map(|outcome| (outcome.as_str(), counts.of(outcome)));
    outcomes.into_iter().chain([("flaky", counts.flaky()), ("total", counts.total())]).collect()
}

/// Where a failure was and the way there, as far as it is known.
pub(crate) fn trace(failure: &Failure) -> Option<String> {
    let place = failure.place.as_ref().map(|place| format!("at {place}"));
    let parts: Vec<String> = place.into_iter().chain(failure.trace.clone()).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// RFC 3339 in UTC; none when the clock is centuries away.
fn time(time: SystemTime) -> Option<String> {
    let mut text = String::new();
    // The formatter panics at times before its first year, and fails at those after its last.
    let written = time.duration_since(SystemTime::UNIX_EPOCH).is_ok()
        && write!(text, "{}", humantime::format_rfc3339_millis(time)).is_ok();
    written.then_some(text)
}
