//! The callbacks of a runner, as observers of its run. They run on the thread that called `run`,
//! never on a worker. No task waits for a callback, and a panic in one does no harm.

use super::Runner;
use crate::event::{Event, Finished};
use crate::outcome::Outcome;
use crate::plan::{Plan, PlannedTask};
use crate::report::Report;

/// The start of a run, for [`Runner::on_run_start`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RunStart<'a> {
    /// The plan that will run.
    pub plan: &'a Plan,
    /// How many tasks run at once.
    pub workers: usize,
}

/// The end of a task, for [`Runner::on_task_done`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TaskDone<'a> {
    /// The task.
    pub task: &'a PlannedTask,
    /// How it ended, with its duration, failure and cause.
    pub end: &'a Finished,
    /// The number of all tasks.
    pub total: usize,
}

impl TaskDone<'_> {
    /// The task's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.task.name()
    }

    /// How the task ended.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.end.outcome
    }

    /// How many tasks have ended, this one included.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.end.done
    }
}

pub(super) type OnRunDone = dyn FnMut(&Report) + Send;

impl Runner {
    /// Calls `call` once, before setups.
    #[must_use]
    pub fn on_run_start(self, mut call: impl FnMut(&RunStart<'_>) + Send + 'static) -> Self {
        self.on_event("run start", move |plan, event| {
            if let Event::RunStarted(started) = event {
                call(&RunStart { plan, workers: started.workers });
            }
        })
    }

    /// Calls `call` when all dependencies of a task have ended.
    #[must_use]
    pub fn on_task_start(self, mut call: impl FnMut(&PlannedTask) + Send + 'static) -> Self {
        self.on_event("task start", move |plan, event| {
            if let Event::Ready { task } = event {
                call(plan.task(*task));
            }
        })
    }

    /// Calls `call` when a worker starts a task, with the worker's index.
    #[must_use]
    pub fn on_task_run(self, mut call: impl FnMut(&PlannedTask, usize) + Send + 'static) -> Self {
        self.on_event("task run", move |plan, event| {
            if let Event::Started { task, worker, .. } = event {
                call(plan.task(*task), *worker);
            }
        })
    }

    /// Calls `call` when a task has ended, with any outcome.
    #[must_use]
    pub fn on_task_done(self, mut call: impl FnMut(&TaskDone<'_>) + Send + 'static) -> Self {
        self.on_event("task done", move |plan, event| {
            if let Event::Finished(end) = event {
                call(&TaskDone { task: plan.task(end.task), end, total: plan.tasks().len() });
            }
        })
    }

    /// Calls `call` once at the end, after teardowns.
    #[must_use]
    pub fn on_run_done(mut self, call: impl FnMut(&Report) + Send + 'static) -> Self {
        self.config.run_done = Some(Box::new(call));
        self
    }

    /// Sets the callback of a kind; an earlier one of this kind is not called.
    fn on_event(
        mut self,
        kind: &'static str,
        call: impl FnMut(&Plan, &Event) + Send + 'static,
    ) -> Self {
        self.config.callbacks.retain(|(of, _)| *of != kind);
        self.config.callbacks.push((kind, Box::new(call)));
        self
    }
}
