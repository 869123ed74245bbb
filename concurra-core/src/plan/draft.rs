//! What a plan is made of, before anything is checked.

use crate::catalog::Hook;
use crate::names::Home;
use crate::problem::{Problem, Site};
use crate::secret::Secrets;
use crate::selection::Selection;
use crate::task::{Body, Task};

/// What a plan is made of.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) tasks: Vec<Task>,
    /// For each task what it does.
    pub(crate) bodies: Vec<Body>,
    /// For each task whether it runs without being asked for.
    pub(crate) own: Vec<bool>,
    pub(crate) home: Option<Home>,
    pub(crate) setups: Vec<Hook>,
    pub(crate) teardowns: Vec<Hook>,
    pub(crate) selection: Selection,
    /// Results given from outside; no text stands for a result of `()`.
    pub(crate) mocks: Vec<(String, Option<String>)>,
    /// Values of parameters that are shown nowhere.
    pub(crate) secrets: Secrets,
    pub(crate) problems: Vec<Problem>,
}

impl Draft {
    /// Makes room for more tasks.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.tasks.reserve(more);
        self.bodies.reserve(more);
        self.own.reserve(more);
    }

    /// Adds a task; `own` tells whether it runs without being asked for.
    pub(crate) fn push(&mut self, task: Task, body: Body, own: bool) {
        self.tasks.push(task);
        self.bodies.push(body);
        self.own.push(own);
    }
}

pub(super) fn site(task: &Task) -> Site {
    Site { name: task.name.clone(), place: task.place() }
}
