//! The parts of a plan, before anything is checked.

use std::time::Duration;

use crate::names::Home;
use crate::problem::{Problem, Site};
use crate::registry::HookDef;
use crate::secret::Secrets;
use crate::selection::Selection;
use crate::task::{Slot, Task};

/// A plan before its checks.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) tasks: Vec<Task>,
    /// The slot of each task.
    pub(crate) slots: Vec<Slot>,
    /// How many tasks are the runner's own.
    pub(crate) own: usize,
    /// How many tasks are marked `ignore`.
    pub(crate) marked: usize,
    /// Whether any task has options.
    pub(crate) has_options: bool,
    pub(crate) home: Option<Home>,
    /// Sorted by name.
    pub(crate) setups: Vec<Hook>,
    /// Sorted by name, backwards.
    pub(crate) teardowns: Vec<Hook>,
    pub(crate) selection: Selection,
    /// Task names and texts of their results; no text means `()`.
    pub(crate) mocks: Vec<(String, Option<String>)>,
    /// Values of secret parameters and of secret variables of commands.
    pub(crate) secrets: Secrets,
    pub(crate) problems: Vec<Problem>,
}

/// A setup or teardown under its name.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    pub(crate) name: String,
    pub(crate) def: &'static HookDef,
    /// How long it may take, by its attribute or by the settings.
    pub(crate) timeout: Option<Duration>,
}

impl Draft {
    /// Makes room for more tasks.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.tasks.reserve(more);
        self.slots.reserve(more);
    }

    pub(crate) fn push(&mut self, task: Task, slot: Slot) {
        self.own += usize::from(task.own);
        self.marked += usize::from(task.ignore().is_some());
        self.has_options |= task.options.is_some();
        self.tasks.push(task);
        self.slots.push(slot);
    }
}

pub(crate) fn site(task: &Task) -> Site {
    Site { name: task.name.clone(), place: task.place }
}
