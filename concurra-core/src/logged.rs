//! Logs the progress and the failures of a run through `tracing`, when the user asks for it.

use std::sync::{Arc, Weak};

use crate::engine::Observer;
use crate::event::{Event, Finished};
use crate::graph::TaskId;
use crate::plan::Plan;
use crate::settings::Settings;
use crate::state::State;

/// Logs on the thread that runs the scheduler.
#[derive(Debug, Default)]
pub(crate) struct Logged {
    /// The name of the run.
    name: Option<String>,
    /// Whether to log every tenth of the tasks.
    progress: bool,
    /// Whether to log every failed attempt.
    errors: bool,
    /// Masks the run's secrets.
    state: Weak<State>,
    /// How many tenths have been logged.
    tenths: usize,
}

impl Logged {
    /// The logger of a run whose settings ask for one.
    pub(crate) fn wanted(settings: &Settings, state: &Arc<State>) -> Option<Self> {
        let [progress, errors] = [settings.progress, settings.log_errors].map(Settings::is_set);
        let state = Arc::downgrade(state);
        (progress || errors).then(|| Self { progress, errors, state, ..Self::default() })
    }

    fn log_progress(&mut self, done: usize, total: usize) {
        let tenths = done * 10 / total.max(1);
        if tenths > self.tenths {
            self.tenths = tenths;
            let run = self.name.as_deref().unwrap_or("run");
            tracing::info!(target: "concurra", run, done, total, "{run}: {done} of {total} tasks");
        }
    }

    /// The name without secrets; a name in the source is never secret.
    fn shown_name(&self, plan: &Plan, task: TaskId) -> String {
        let task = plan.task(task);
        let state = self.state.upgrade().filter(|_| task.def().is_none());
        state.map_or_else(|| task.name().to_owned(), |state| state.mask(task.name()))
    }

    fn log_end(&mut self, plan: &Plan, end: &Finished) {
        if let Some(failure) = end.failure.as_ref().filter(|_| self.errors) {
            let (task, outcome) = (self.shown_name(plan, end.task), end.outcome);
            tracing::error!(target: "concurra", task, "{task} {outcome}: {failure}");
        }
        if self.progress {
            self.log_progress(end.done, plan.tasks().len());
        }
    }
}

impl Observer for Logged {
    fn event(&mut self, plan: &Plan, event: &Event) {
        match event {
            Event::RunStarted(started) => self.name.clone_from(&started.name),
            Event::Finished(end) => self.log_end(plan, end),
            Event::Retrying { task, attempt, of, failure, .. } if self.errors => {
                let task = self.shown_name(plan, *task);
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
