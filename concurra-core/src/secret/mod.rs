//! Values that nobody may read in a line, a message or a report: which they are, and texts and JSON
//! with `***` in their place. Unaware of tasks.

mod json;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use json::{mask_json, mask_record, texts};
pub(crate) use values::Secrets;

/// What a secret is shown as.
pub(crate) const MASK: &str = "***";
