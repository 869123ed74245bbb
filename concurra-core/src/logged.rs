//! Logs the progress and the failures of a run through `tracing`, when the user asks for it.

use crate::engine::Observer;
use crate::event::{Event, Finished};
use crate::plan::Plan;
use crate::settings::Settings;

/// Logs on the thread that runs the scheduler.
#[derive(Debug, Default)]
pub(crate) struct Logged {
    /// The name of the run.
    run: Option<String>,
    /// The names of the tasks without secrets, when errors are logged.
    names: Vec<String>,
    /// Whether to log every tenth of the tasks.
    progress: bool,
    /// Whether to log every failed attempt.
    errors: bool,
    /// How many tenths have been logged.
    tenths: usize,
}

impl Logged {
    /// The logger of a run whose settings ask for one.
    pub(crate) fn wanted(settings: &Settings) -> Option<Self> {
        let [progress, errors] = [settings.progress, settings.log_errors].map(Settings::is_set);
        (progress || errors).then(|| Self { progress, errors, ..Self::default() })
    }

    fn log_progress(&mut self, done: usize, total: usize) {
        let tenths = done * 10 / total.max(1);
        if tenths > self.tenths {
            self.tenths = tenths;
            let run = self.run.as_deref().unwrap_or("run");
            let s = if total == 1 { "" } else { "s" };
            tracing::info!(target: "concurra", run, done, total, "{run}: {done} of {total} task{s}");
        }
    }

    fn log_end(&mut self, end: &Finished, total: usize) {
        if let Some(failure) = end.failure.as_ref().filter(|_| self.errors) {
            let (task, outcome) = (&self.names[end.task.index()], end.outcome);
            tracing::error!(target: "concurra", task, "{task} {outcome}: {failure}");
        }
        if self.progress {
            self.log_progress(end.done, total);
        }
    }
}

impl Observer for Logged {
    fn event(&mut self, plan: &Plan, event: &Event) {
        match event {
            Event::RunStarted(started) => {
                self.run.clone_from(&started.name);
                let tasks = started.tasks.iter().filter(|_| self.errors);
                self.names = tasks.map(|task| task.name.clone()).collect();
            }
            Event::Finished(end) => self.log_end(end, plan.tasks().len()),
            Event::Retrying { task, attempt, of, failure, .. } if self.errors => {
                let task = &self.names[task.index()];
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
