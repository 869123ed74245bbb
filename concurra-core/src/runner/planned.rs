//! A runner whose plan was checked.

use std::sync::Arc;

use crate::callbacks::OnRunDone;
use crate::engine::{Around, Notes, Observer, Settings, conduct};
use crate::failure;
use crate::plan::Plan;
use crate::report::Report;
use crate::state::State;

/// A runner whose plan was checked.
pub struct PlannedRunner {
    pub(super) plan: Plan,
    pub(super) settings: Settings,
    pub(super) state: Arc<State>,
    pub(super) notes: Notes,
    pub(super) observers: Vec<Box<dyn Observer>>,
    pub(super) run_done: Option<Box<OnRunDone>>,
}

impl PlannedRunner {
    /// What will run.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How many tasks run at once.
    #[must_use]
    pub const fn workers(&self) -> usize {
        self.settings.workers.get()
    }

    /// Adds a receiver of every event.
    #[doc(hidden)]
    pub fn observe(&mut self, observer: Box<dyn Observer>) {
        self.observers.push(observer);
    }

    /// Wraps every body, on its worker's thread.
    #[doc(hidden)]
    pub fn around(&mut self, around: Arc<dyn Around>) {
        self.settings.around = Some(around);
    }

    /// Runs the tasks and waits for them.
    #[must_use]
    pub fn run(self) -> Report {
        let Self { plan, settings, state, notes, mut observers, run_done } = self;
        let conducted = conduct(plan, &settings, &state, notes, &mut observers);
        let mut report = Report::new(conducted, state);
        if let Some(mut call) = run_done {
            let called = failure::guard(|| {
                call(&report);
                Ok(())
            });
            if let Err(failure::Ending::Failed(failure)) = called {
                report.warn(format!("on_run_done {failure}"));
            }
        }
        report
    }
}

impl std::fmt::Debug for PlannedRunner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlannedRunner")
            .field("tasks", &self.plan.tasks().len())
            .finish_non_exhaustive()
    }
}
