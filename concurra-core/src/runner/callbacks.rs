//! What a runner calls while it runs: always on the thread that runs the scheduler, never on a
//! worker; no task waits for a callback, and one that panics does no harm.

use super::Runner;
use crate::callbacks::{RunStart, TaskDone};
use crate::plan::PlannedTask;
use crate::report::Report;

impl Runner {
    /// Is called once before anything runs.
    #[must_use]
    pub fn on_run_start(mut self, call: impl FnMut(&RunStart<'_>) + Send + 'static) -> Self {
        self.callbacks.run_start = Some(Box::new(call));
        self
    }

    /// Is called when a task has nothing left to wait for.
    #[must_use]
    pub fn on_task_start(mut self, call: impl FnMut(&PlannedTask) + Send + 'static) -> Self {
        self.callbacks.task_start = Some(Box::new(call));
        self
    }

    /// Is called when a worker, whose number is given, runs a task.
    #[must_use]
    pub fn on_task_run(mut self, call: impl FnMut(&PlannedTask, usize) + Send + 'static) -> Self {
        self.callbacks.task_run = Some(Box::new(call));
        self
    }

    /// Is called when a task has ended, however it did.
    #[must_use]
    pub fn on_task_done(mut self, call: impl FnMut(&TaskDone<'_>) + Send + 'static) -> Self {
        self.callbacks.task_done = Some(Box::new(call));
        self
    }

    /// Is called once after everything, teardowns included.
    #[must_use]
    pub fn on_run_done(mut self, call: impl FnMut(&Report) + Send + 'static) -> Self {
        self.run_done = Some(Box::new(call));
        self
    }
}
