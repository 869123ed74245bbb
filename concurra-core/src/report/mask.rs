//! What a report tells of what others said: secrets of commands, of parameters and of secret tasks
//! are `***` in it. Our own words stay, whatever the secrets are, and so does what stands in the
//! source, which is none.

use std::borrow::Cow;

use super::{Report, TaskReport};

impl Report {
    /// The text with `***` in place of everything secret.
    #[doc(hidden)]
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.table.mask(text)
    }
}

impl TaskReport {
    pub(super) fn shown_name(&self) -> Cow<'_, str> {
        self.table.shown_name(self.id())
    }
}
