//! The public methods of a task of a plan.

use crate::registry::Place;
use crate::task::{Preset, Task};

impl Task {
    /// The task's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The task's tags.
    pub fn tags(&self) -> impl ExactSizeIterator<Item = &str> {
        self.tags.iter().map(AsRef::as_ref)
    }

    /// Where it is declared or added.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// Whether it is in the plan only because a chosen task needs it.
    #[must_use]
    pub const fn is_dependency(&self) -> bool {
        self.dependency
    }

    /// Whether its result is masked wherever it is shown.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.options().secret
    }

    /// Whether it runs with any outcomes upstream.
    #[must_use]
    pub fn runs_always(&self) -> bool {
        self.options().always
    }

    /// The serial name of the task: only one task of this name runs at a time.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.options().serial.as_deref()
    }

    /// Whether no other task runs at the same time.
    #[must_use]
    pub fn runs_alone(&self) -> bool {
        self.options().alone
    }

    /// Why the task is ignored; `None` if it runs.
    #[must_use]
    pub fn ignored(&self) -> Option<&'static str> {
        match self.preset.as_deref()? {
            Preset::Ignored(why) => Some(why),
            _ => None,
        }
    }

    /// Why the task is marked `ignore`, also if it runs.
    #[must_use]
    pub fn marked_ignored(&self) -> Option<&'static str> {
        self.ignore()
    }

    /// The excluded task that it needs, directly or not, and without which it is skipped; `None` if there is
    /// none.
    #[must_use]
    pub fn needs_excluded(&self) -> Option<&str> {
        match self.preset.as_deref()? {
            Preset::NeedsExcluded(name) => Some(name.as_str()),
            _ => None,
        }
    }

    /// Whether the task is mocked.
    #[must_use]
    pub fn is_mocked(&self) -> bool {
        self.preset.as_deref().is_some_and(Preset::is_mocked)
    }
}
