//! The report as JSON, for other programs.

use std::borrow::Cow;
use std::time::SystemTime;

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::{Report, TaskReport};
use crate::engine::Table;
use crate::event::Finished;
use crate::graph::TaskId;
use crate::view::{RunJson, TaskJson};

impl Report {
    /// The report as JSON, for other programs; see the fields below. Secrets are `***`.
    ///
    /// Of the run: `schema_version` (2), `name` (or null), `start_time`, `end_time` (RFC 3339 in
    /// UTC), `duration_seconds`, `good`, `stopped` (`failures`, `interrupt`, `terminate`, `hangup`, `timeout`,
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
}

/// The fields of [`Report::to_json`]; tasks are made and written one by one.
impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = self.name().map(|name| self.mask(name));
        let run = RunJson {
            name: name.as_deref(),
            start_time: self.run.started,
            duration: Some(self.run.duration),
            good: self.is_good(),
            stopped: self.run.stopped,
            counts: self.counts(),
            hooks: &self.run.hooks,
            warnings: &self.warnings(),
            len: self.plan().tasks().len(),
            task: &|task| task_json(&self.run.table, task, self.run.started),
        };
        run.serialize(serializer)
    }
}

/// The fields that [`Report::to_json`] has of a task.
impl Serialize for TaskReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        task_json(&self.table, self.id, self.epoch).serialize(serializer)
    }
}

fn task_json(table: &Table, task: TaskId, start_time: SystemTime) -> TaskJson<'_> {
    let info = table.info(task);
    let after = info.after.iter().map(|task| table.shown_name(*task)).collect();
    let finished = table.finished(task, table.outcome(task), 0);
    let end = Finished { result: table.result_json(task), ..finished };
    TaskJson { start_time, info: Cow::Owned(info), end: Some(Cow::Owned(end)), after }
}
