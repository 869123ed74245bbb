//! Descriptions of tasks for events.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use serde_json::Value as Json;

use super::Table;
use crate::codec;
use crate::event::{EVENT_VERSION, Finished, RunStarted, TaskInfo};
use crate::failure::Discarded;
use crate::graph::TaskId;
use crate::names;
use crate::outcome::Outcome;
use crate::process::CommandOutput;
use crate::secret::{MASK, mask_json, mask_record};
use crate::settings::Settings;
use crate::state::State;

impl Table {
    /// Describes the run before it begins.
    pub(crate) fn run_started(
        &self,
        settings: &Settings,
        start_time: SystemTime,
        state: &State,
    ) -> RunStarted {
        let plan = &self.plan;
        let masked = |text: &str| self.mask(text).into_owned();
        let param = |(key, value): (&String, &String)| (masked(key), masked(value));
        RunStarted {
            schema_version: EVENT_VERSION,
            name: settings.name.as_deref().map(masked),
            start_time,
            workers: settings.workers().get(),
            selection: plan.selection().clone(),
            params: state.params().iter().map(param).collect(),
            setups: plan.setups().map(str::to_owned).collect(),
            teardowns: plan.teardowns().map(str::to_owned).collect(),
            tasks: plan.graph().tasks().map(|task| self.info(task)).collect(),
        }
    }

    /// Describes a task before it runs.
    pub(crate) fn info(&self, task: TaskId) -> TaskInfo {
        let planned = self.plan.task(task);
        let place = planned.place();
        TaskInfo {
            name: self.shown_name(task).into_owned(),
            task: self.body_text(task),
            file: place.file.to_owned(),
            line: place.line,
            after: self.plan.graph().dependencies(task).to_vec(),
            tags: planned.tags().map(|tag| self.shown(task, tag).into_owned()).collect(),
            retries: self.body(task).attributes().retries,
            timeout: self.body(task).attributes().timeout,
            is_dependency: planned.is_dependency(),
            is_mocked: planned.is_mocked(),
            runs_always: planned.runs_always(),
            ignored: planned.ignored().map(ToOwned::to_owned),
            needs_excluded: self.needs_excluded(task).map(Cow::into_owned),
        }
    }

    /// The path of a task's function, `closure`, or its masked command.
    pub(crate) fn body_text(&self, task: TaskId) -> String {
        if let Some(def) = self.plan.task(task).def {
            let module = def.module.split("::").map(names::plain);
            return module.fold(String::new(), |path, part| path + part + "::")
                + names::plain(def.name);
        }
        let command = self.body(task).spec().map(|spec| self.masked(spec.line()));
        command.unwrap_or_else(|| "closure".to_owned())
    }

    /// Describes the end of a task, without its result.
    pub(crate) fn finished(&self, task: TaskId, outcome: Outcome, now: u64) -> Finished {
        let (worker, times) = (self.worker(task), self.times(task, now));
        let records = self.records(task).into_iter().map(|record| self.masked_record(task, record));
        let attempt_records: Vec<_> = records.collect();
        let last = attempt_records.last();
        let attempts = u32::try_from(attempt_records.len().max(1)).unwrap_or(u32::MAX);
        Finished {
            task,
            outcome,
            started: times.map(|(started, _)| started),
            duration: times.map_or(Duration::ZERO, |(started, ended)| ended - started),
            worker,
            mode: worker.map(|_| last.map_or_else(|| self.body(task).mode(), |last| last.mode)),
            failure: last
                .filter(|last| !last.is_retried && last.outcome == outcome)
                .and_then(|last| last.failure.clone()),
            cause: self.cause(task),
            root: self.root(task),
            result: None,
            output: attempt_records.iter().rev().find_map(|record| record.output.clone()),
            warning: self.warning(task),
            attempts: worker.map_or(0, |_| attempts),
            retries: self.body(task).attributes().retries,
            bad: self.is_bad(task),
            done: 0,
            attempt_records,
        }
    }

    /// The task that is the root cause of a skip.
    pub(crate) fn root(&self, task: TaskId) -> Option<TaskId> {
        let skipped = self.machine.outcome(task) == Some(Outcome::Skipped);
        self.machine.cause(task).filter(|_| skipped)
    }

    /// The masked result of a task as JSON; `None` when there is none, or none that JSON can hold.
    pub(crate) fn result_json(&self, task: TaskId) -> Option<Json> {
        // Another thread may free it meanwhile.
        let value = Discarded::new(self.value(task).or_else(|| self.left_value(task))?);
        if self.plan.task(task).is_secret() {
            return Some(MASK.into());
        }
        if let Some(output) = value.downcast_ref::<CommandOutput>() {
            return Some(self.command_json(task, output));
        }
        let mut result = codec::encode(&value).ok()?;
        let secrets = self.secrets();
        if !secrets.is_empty() {
            mask_json(&mut result, &secrets);
        }
        Some(result)
    }

    /// The result of a command, with no more of its output than reports show.
    fn command_json(&self, task: TaskId, output: &CommandOutput) -> Json {
        let mut json = match self.last_output(task) {
            Some(shown) => output.to_json_with([&shown.stdout, &shown.stderr]),
            // Nothing was captured, or the command is mocked.
            None => output.to_json(),
        };
        mask_record(&mut json, &self.secrets());
        json
    }
}
