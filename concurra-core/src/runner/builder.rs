//! What is said of a task after it was added.

use std::borrow::Cow;

use crate::task::Task;

/// A task that was just added; need not be kept.
#[derive(Debug)]
pub struct TaskBuilder<'r> {
    task: &'r mut Task,
}

impl<'r> TaskBuilder<'r> {
    pub(super) const fn new(task: &'r mut Task) -> Self {
        Self { task }
    }

    /// Names of tasks that must finish first; they may be added later.
    pub fn after<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.task.after.extend(names.into_iter().map(|name| Cow::Owned(name.into())));
        self
    }

    /// Labels to select by.
    pub fn tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        self.task.tags.extend(tags.into_iter().map(|tag| Cow::Owned(tag.into())));
        self
    }
}
