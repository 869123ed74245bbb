//! The callbacks of a runner, as one of its observers.

use crate::engine::Observer;
use crate::event::{Event, Finished};
use crate::plan::{Plan, PlannedTask};

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
    /// How it ended; `end.done` counts the tasks that have ended.
    pub end: &'a Finished,
    /// The number of all tasks.
    pub total: usize,
}

/// The callbacks that were set.
#[derive(Default)]
pub(crate) struct Callbacks {
    pub(crate) run_start: Option<Box<dyn FnMut(&RunStart<'_>) + Send>>,
    pub(crate) task_start: Option<Box<dyn FnMut(&PlannedTask) + Send>>,
    pub(crate) task_run: Option<Box<dyn FnMut(&PlannedTask, usize) + Send>>,
    pub(crate) task_done: Option<Box<dyn FnMut(&TaskDone<'_>) + Send>>,
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
    fn begin(&mut self, plan: &Plan, workers: usize) {
        if let Some(call) = &mut self.run_start {
            call(&RunStart { plan, workers });
        }
    }

    fn event(&mut self, plan: &Plan, event: &Event) {
        match event {
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
