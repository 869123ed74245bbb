//! What a run says through `tracing` when it was asked to: its progress and its failures.

use crate::engine::Observer;
use crate::event::{Event, Finished};
use crate::plan::Plan;

/// Logs on the thread that runs the scheduler.
#[derive(Debug, Default)]
pub(crate) struct Logged {
    pub(crate) name: Option<String>,
    /// Whether every tenth of the tasks is told.
    pub(crate) progress: bool,
    /// Whether every failed attempt is told.
    pub(crate) errors: bool,
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
            let run = self.name.as_deref().unwrap_or("run");
            tracing::info!(target: "concurra", run, done, total, "{run}: {done} of {total} tasks");
        }
    }

    fn tell_end(&mut self, plan: &Plan, end: &Finished) {
        if let Some(failure) = end.failure.as_ref().filter(|_| self.errors) {
            let (task, outcome) = (plan.task(end.task).name(), end.outcome);
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
                let task = plan.task(*task).name();
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
