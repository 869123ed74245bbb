//! The plan: the selected tasks and their edges, checked whole before anything runs.

mod catalog;
mod check;
mod choice;
mod draft;
mod mocks;
mod planned;
mod suggestions;

use std::collections::HashMap;
use std::sync::OnceLock;

pub(crate) use draft::{Draft, Hook, site};

/// A task of a plan.
#[doc(inline)]
pub use crate::task::Task as PlannedTask;

use crate::event::SelectionSummary;
use crate::graph::{Graph, TaskId};
use crate::names::{is_suffix, last_segment};
use crate::problem::Problem;
use crate::secret::Secrets;
use crate::task::Slot;

/// Checked tasks and edges, ready to run.
#[derive(Debug)]
pub struct Plan {
    pub(crate) tasks: Vec<PlannedTask>,
    /// The slot of each task: what workers read of the plan. A run moves the slots to its machine.
    pub(crate) slots: Vec<Slot>,
    /// The tasks whose outcome is known before the run.
    pub(crate) presets: Vec<TaskId>,
    /// Whether a task excludes every other one.
    pub(crate) has_alone: bool,
    pub(crate) graph: Graph,
    /// Every secret that is known before the run.
    pub(crate) secrets: Secrets,
    pub(crate) setups: Vec<Hook>,
    pub(crate) teardowns: Vec<Hook>,
    pub(crate) left_out: Vec<String>,
    pub(crate) selection: SelectionSummary,
    absent: Vec<Problem>,
    harmless: Vec<Problem>,
    /// Made for the first lookup of a name; most runs have none.
    by_last_segment: OnceLock<HashMap<String, Vec<TaskId>>>,
}

impl Plan {
    /// The tasks in source order.
    #[must_use]
    pub fn tasks(&self) -> &[PlannedTask] {
        &self.tasks
    }

    /// The edges among the tasks.
    #[must_use]
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// A task by its index.
    #[must_use]
    pub fn task(&self, id: TaskId) -> &PlannedTask {
        &self.tasks[id.index()]
    }

    /// Unknown names of a tolerant selection.
    #[must_use]
    pub fn absent(&self) -> &[Problem] {
        &self.absent
    }

    /// Mistakes in the selection with which the plan runs all the same, such as an unknown tag that would
    /// leave tasks out. The report of the run has them as warnings.
    #[must_use]
    pub fn harmless(&self) -> &[Problem] {
        &self.harmless
    }

    /// A summary of the selection.
    #[must_use]
    pub const fn selection(&self) -> &SelectionSummary {
        &self.selection
    }

    /// Whether no chosen task is left to run: none was chosen, or those that were need excluded tasks.
    #[doc(hidden)]
    #[must_use]
    pub fn selects_nothing(&self) -> bool {
        let runs = |task: &PlannedTask| !task.is_dependency() && task.preset.is_none();
        let SelectionSummary { chosen, skipped, .. } = self.selection;
        chosen == 0 || skipped > 0 && !self.tasks.iter().any(runs)
    }

    /// Names of the setups, in the order in which they run.
    pub fn setups(&self) -> impl Iterator<Item = &str> {
        self.setups.iter().map(|hook| hook.name.as_str())
    }

    /// Names of the teardowns, in the order in which they run.
    pub fn teardowns(&self) -> impl Iterator<Item = &str> {
        self.teardowns.iter().map(|hook| hook.name.as_str())
    }

    /// Names of the registered tasks that are not in the plan.
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The task with this whole name, or the only one whose name ends in it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<TaskId> {
        match self.find(name).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The tasks with this whole name, or else whose names end in it.
    pub(crate) fn find(&self, name: &str) -> Vec<TaskId> {
        let index = self.by_last_segment.get_or_init(|| self.index());
        let Some(candidates) = index.get(last_segment(name)) else { return Vec::new() };
        let named = |task: &&TaskId| self.task(**task).name() == name;
        match candidates.iter().find(named) {
            Some(whole) => vec![*whole],
            None => {
                let ends = |task: &&TaskId| is_suffix(self.task(**task).name(), name);
                candidates.iter().filter(ends).copied().collect()
            }
        }
    }

    fn index(&self) -> HashMap<String, Vec<TaskId>> {
        let mut index: HashMap<String, Vec<TaskId>> = HashMap::with_capacity(self.tasks.len());
        for (number, planned) in self.tasks.iter().enumerate() {
            index.entry(last_segment(planned.name()).to_owned()).or_default().push(number.into());
        }
        index
    }
}

#[cfg(test)]
pub(crate) mod tests;
