//! The bodies that the conductor abandoned.

use super::hook_thread::HookBody;
use super::table::Table;
use super::worker::AbandonedBody;
use crate::graph::TaskId;

#[derive(Default)]
pub(super) struct Abandoned {
    pub(super) tasks: Vec<AbandonedBody>,
    pub(super) hooks: Vec<HookBody>,
}

impl Abandoned {
    /// The names of the tasks and hooks whose bodies still run.
    pub(super) fn still_running(&self, table: &Table) -> Vec<String> {
        let still_run = self.tasks.iter().filter(|body| body.still_runs());
        let mut tasks: Vec<TaskId> = still_run.map(|body| body.task).collect();
        tasks.sort_unstable();
        tasks.dedup();
        let tasks = tasks.into_iter().map(|task| table.shown_name(task).into_owned());
        let hooks = self.hooks.iter().filter(|hook| hook.ended().is_none());
        tasks.chain(hooks.map(|hook| hook.label.clone())).collect()
    }
}
