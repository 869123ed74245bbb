//! What went wrong beside the tasks.

use super::table::Table;
use crate::failure::Failure;

/// Something that went wrong beside the tasks.
#[derive(Clone, Debug)]
pub(crate) enum Warning {
    /// In our words, whatever the secrets are.
    Ours(String),
    /// A callback panicked, so many times in this way.
    Callback { failure: Failure, times: usize },
}

impl Warning {
    /// The warning as it may be told now: a secret may have become known after it.
    pub(crate) fn text(&self, table: &Table) -> String {
        let (failure, times) = match self {
            Self::Ours(text) => return text.clone(),
            Self::Callback { failure, times } => (table.masked_failure(failure.clone()), *times),
        };
        let place = failure.place.as_deref().unwrap_or("an unknown place");
        let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
        format!("a callback {failure} at {place}{times}")
    }
}

impl From<String> for Warning {
    fn from(text: String) -> Self {
        Self::Ours(text)
    }
}
