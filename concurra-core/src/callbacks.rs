//! The callbacks of a runner, as one of its observers.

use crate::engine::Observer;
use crate::event::{Event, Finished};
use crate::outcome::Outcome;
use crate::plan::{Plan, PlannedTask};
use crate::report::Report;

/// What `on_run_start` is told.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RunStart<'a> {
    /// What will run.
    pub plan: &'a Plan,
    /// How many tasks run at once.
    pub workers: usize,
}

/// What `on_task_done` is told.
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

type OnRunStart = dyn FnMut(&RunStart<'_>) + Send;
type OnTaskStart = dyn FnMut(&PlannedTask) + Send;
type OnTaskRun = dyn FnMut(&PlannedTask, usize) + Send;
type OnTaskDone = dyn FnMut(&TaskDone<'_>) + Send;
pub(crate) type OnRunDone = dyn FnMut(&Report) + Send;

/// The callbacks that were set.
#[derive(Default)]
pub(crate) struct Callbacks {
    pub(crate) run_start: Option<Box<OnRunStart>>,
    pub(crate) task_start: Option<Box<OnTaskStart>>,
    pub(crate) task_run: Option<Box<OnTaskRun>>,
    pub(crate) task_done: Option<Box<OnTaskDone>>,
}

impl Callbacks {
    pub(crate) const fn is_empty(&self) -> bool {
        self.run_start.is_none()
            && self.task_start.is_none()
            && self.task_run.is_none()
            && self.task_done.is_none()
    }
}

impl Observer for Callbacks {
    fn event(&mut self, plan: &Plan, event: &Event) {
        match event {
            Event::RunStarted(started) => {
                if let Some(call) = &mut self.run_start {
                    call(&RunStart { plan, workers: started.workers });
                }
            }
            Event::Ready { task } => {
                if let Some(call) = &mut self.task_start {
                    call(plan.task(*task));
                }
            }
            Event::Started { task, worker, .. } => {
                if let Some(call) = &mut self.task_run {
                    call(plan.task(*task), *worker);
                }
            }
            Event::Finished(end) => {
                if let Some(call) = &mut self.task_done {
                    call(&TaskDone { task: plan.task(end.task), end, total: plan.tasks().len() });
                }
            }
            _ => {}
        }
    }
}
