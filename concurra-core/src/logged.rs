//! What a run says through `tracing` when it was asked to: its progress and its failures.

use std::sync::Weak;

use crate::engine::Observer;
use crate::event::{Event, Finished};
use crate::graph::TaskId;
use crate::plan::Plan;
use crate::state::State;

/// Logs on the thread that runs the scheduler.
#[derive(Debug, Default)]
pub(crate) struct Logged {
    pub(crate) name: Option<String>,
    /// Whether every tenth of the tasks is told.
    pub(crate) progress: bool,
    /// Whether every failed attempt is told.
    pub(crate) errors: bool,
    /// Knows what is secret in the run.
    pub(crate) state: Weak<State>,
    /// How many tenths were told.
    tenths: usize,
}

impl Logged {
    pub(crate) const fn is_wanted(&self) -> bool {
        self.progress || self.errors
    }

    fn tell_progress(&mut self, done: usize, total: usize) {
        let tenths = done * 10 / total.max(1);
        if tenths > self.tenths {
            self.tenths = tenths;
            let run = self.name.as_deref().map_or_else(|| "run".to_owned(), |name| self.told(name));
            tracing::info!(target: "concurra", run, done, total, "{run}: {done} of {total} tasks");
        }
    }

    fn told(&self, text: &str) -> String {
        self.state.upgrade().map_or_else(|| text.to_owned(), |state| state.mask(text))
    }

    /// What stands in the source is no secret.
    fn told_name(&self, plan: &Plan, task: TaskId) -> String {
        let task = plan.task(task);
        if task.def().is_some() { task.name().to_owned() } else { self.told(task.name()) }
    }

    fn tell_end(&mut self, plan: &Plan, end: &Finished) {
        if let Some(failure) = end.failure.as_ref().filter(|_| self.errors) {
            let (task, outcome) = (self.told_name(plan, end.task), end.outcome);
            tracing::error!(target: "concurra", task, "{task} {outcome}: {failure}");
        }
        if self.progress {
            self.tell_progress(end.done, plan.tasks().len());
        }
    }
}

impl Observer for Logged {
    fn event(&mut self, plan: &Plan, event: &Event) {
        match event {
            Event::Finished(end) => self.tell_end(plan, end),
            Event::Retrying { task, attempt, of, failure, .. } if self.errors => {
                let task = self.told_name(plan, *task);
                tracing::warn!(
                    target: "concurra",
                    task,
                    "{task} failed at attempt {attempt} of {of}: {failure}"
                );
            }
            _ => {}
        }
    }
}
