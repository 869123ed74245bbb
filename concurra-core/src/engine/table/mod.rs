//! What a run knows of its tasks: statuses, times, results. Everything is found by index.

mod attempts;
mod cause;
mod describe;
mod lookup;
mod record;
mod secret;
mod values;

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, RwLock};

pub(crate) use attempts::AttemptRecord;
use attempts::History;
use cause::Causes;
use values::{Found, Values};

use super::deferred_drop::DeferredDrops;
use crate::counts::Counts;
use crate::event::{HookFinished, StopReason};
use crate::failure;
use crate::graph::TaskId;
use crate::machine::Machine;
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::process::OutputFolder;
use crate::secret::Secrets;
use crate::settings::Settings;
use crate::task::{Body, Closure, Plain, Preset, Record};
use crate::value::Value;

/// Results and records of a run. The report and the state keep it after the run.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) plan: Plan,
    pub(crate) machine: Machine<Record, Plain>,
    values: Values,
    /// The attempts and warnings of tasks that did not simply pass; these are few, so they have no cell.
    histories: Mutex<HashMap<TaskId, History>>,
    secrets: RwLock<Secrets>,
    causes: Causes,
    pub(crate) drops: Arc<DeferredDrops>,
    /// Where the output of tasks goes that is too long to keep.
    pub(crate) output_folder: Arc<OutputFolder>,
}

impl Table {
    /// The table of a run that has not begun.
    pub(crate) fn new(mut plan: Plan, settings: &Settings) -> Self {
        let run_dependents = Settings::is_set(settings.run_dependents);
        let machine = Machine::new(run_dependents, mem::take(&mut plan.slots));
        let values = Values::new(&plan.graph, settings.keep_results.unwrap_or(true));
        let secrets = RwLock::new(plan.secrets.clone());
        let (histories, causes, drops) = (Mutex::default(), Causes::default(), Arc::default());
        let output_folder = Arc::new(OutputFolder::new(settings.output_dir.clone()));
        Self { plan, machine, values, histories, secrets, causes, drops, output_folder }
    }

    pub(crate) fn body(&self, task: TaskId) -> &Body {
        &self.machine.record(task).body
    }

    /// The outcomes that are known before the run. Puts mocked results in their slots.
    pub(crate) fn presets(&self) -> Vec<(TaskId, Outcome)> {
        let mut known = Vec::new();
        for &task in &self.plan.presets {
            match self.plan.task(task).preset.as_deref() {
                None => {}
                Some(Preset::Ignored(_)) => known.push((task, Outcome::Ignored)),
                Some(Preset::NeedsExcluded(_)) => known.push((task, Outcome::Skipped)),
                Some(Preset::Mocked(value)) => {
                    if let Some(value) = value {
                        self.hide_result(task, value);
                        self.keep(task, value.clone());
                    }
                    known.push((task, Outcome::Mocked));
                }
            }
        }
        known
    }

    /// Puts a result in its slot. Others see it once the machine says that the task passed.
    pub(crate) fn keep(&self, task: TaskId, value: Value) {
        self.values.put(task, value);
    }

    /// Called by the worker that ran the task. Frees results that no pending task needs.
    #[inline]
    pub(crate) fn release_results(&self, task: TaskId, outcome: Outcome) {
        // The body of a task that passed has dropped its closure itself.
        if outcome != Outcome::Passed {
            self.drop_closure(task);
        }
        self.values.pass(&self.plan.graph, task, failure::discard);
    }

    /// Called for a task that ended without its worker. Other threads drop what it held, and results
    /// that no pending task needs.
    pub(crate) fn release_results_elsewhere(&self, task: TaskId) {
        self.drop_closure(task);
        self.values.pass(&self.plan.graph, task, |value| self.drops.take(Box::new(value)));
    }

    /// Lets another thread drop the task's closure, which no worker will call.
    pub(crate) fn drop_closure(&self, task: TaskId) {
        let plain = self.machine.take(task).and_then(Plain::take);
        let closure = plain.or_else(|| self.body(task).as_closure().and_then(Closure::take));
        closure.into_iter().for_each(|closure| self.drops.take(Box::new(closure)));
    }

    /// Whether workers drop results during the run.
    pub(crate) const fn frees_results(&self) -> bool {
        matches!(self.values, Values::Freed(_))
    }

    /// The result of a task that passed or was mocked; `None` stands for `()`.
    pub(crate) fn value(&self, task: TaskId) -> Option<Value> {
        self.machine.outcome(task).filter(|outcome| outcome.satisfies())?;
        match self.values.get(task) {
            Found::Value(value) => Some(value),
            Found::Freed | Found::Nothing => None,
        }
    }

    /// The number of tasks for each outcome.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.plan.graph().tasks().for_each(|task| counts.add(self.outcome(task)));
        counts.with_flaky(self.flaky())
    }

    /// Whether a run with these hooks finished and nothing in it was bad. Looks at every task.
    pub(crate) fn is_good(&self, hooks: &[HookFinished], stopped: Option<StopReason>) -> bool {
        let passed = hooks.iter().all(|hook| hook.failure.is_none());
        passed && stopped.is_none() && !self.counts().has_bad()
    }

    /// The outcome of the task. After a run every task has one.
    pub(crate) fn outcome(&self, task: TaskId) -> Outcome {
        self.machine.outcome(task).unwrap_or(Outcome::Cancelled)
    }
}
