//! The events of a run on their way to the reporters.

use std::sync::{Arc, Mutex, Weak};

use concurra_core::{Event, Observer, Plan, RunFinished, State};

use super::rerun::RerunOptions;
use super::watch::Watch;
use crate::report::{Reporters, end_open_line};
use crate::sync::lock;

/// Passes the events of a run to the reporters, and notes which hook runs.
pub(super) struct Events {
    pub(super) reporters: Arc<Mutex<Reporters>>,
    pub(super) watch: Arc<Watch>,
    /// How to run a task again under `mtrun`.
    pub(super) rerun: Option<RerunOptions>,
    /// Masks the run's secrets.
    pub(super) state: Weak<State>,
    /// Whether there are reports, which have the results of tasks.
    pub(super) wants_results: bool,
}

impl Events {
    /// The end of a run, with the command that runs a task again.
    fn with_rerun(&self, plan: &Plan, finished: &RunFinished) -> Event {
        let state = self.state.upgrade();
        let mask = |text: &str| state.as_ref().map_or_else(|| text.to_owned(), |it| it.mask(text));
        let rerun = self.rerun.as_ref().map(|options| options.rerun(plan, &mask));
        Event::RunFinished(RunFinished { rerun, ..finished.clone() })
    }
}

impl Observer for Events {
    fn event(&mut self, plan: &Plan, event: &Event) {
        match event {
            Event::HookStarted(hook) => {
                self.watch.note_caller(&format!("{} {}", hook.hook, hook.name));
            }
            Event::HookFinished(_) => self.watch.note_caller(""),
            Event::RunFinished(finished) => {
                end_open_line();
                return lock(&self.reporters).event(&self.with_rerun(plan, finished));
            }
            _ => {}
        }
        lock(&self.reporters).event(event);
    }

    fn idle(&mut self) {
        lock(&self.reporters).idle();
    }

    fn wants_results(&self) -> bool {
        self.wants_results
    }
}
