//! Warnings of a run that belong to no task.

use super::table::Table;
use crate::failure::Failure;

/// A warning that belongs to no task.
#[derive(Clone, Debug)]
pub(crate) enum Warning {
    /// The engine's own words, which hold no secrets.
    Text(String),
    /// A callback panicked so often with this failure.
    Callback { failure: Failure, times: usize },
}

impl Warning {
    /// The warning with all secrets masked that are known by now.
    pub(crate) fn text(&self, table: &Table) -> String {
        let (failure, times) = match self {
            Self::Text(text) => return text.clone(),
            Self::Callback { failure, times } => (table.masked_failure(failure.clone()), *times),
        };
        let place = failure.place.as_deref().unwrap_or("an unknown place");
        let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
        format!("a callback {failure} at {place}{times}")
    }
}

impl From<String> for Warning {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
