//! Values that nobody may read in a line, a message or a report: which they are, and texts and JSON
//! with `***` in their place. Unaware of tasks.

mod json;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use json::{mask_json, mask_record, texts};
pub use values::Secrets;

/// A part of a result that is shorter than this is no secret by itself; it is found in everything,
/// and stars in its place would make a report unreadable.
pub(crate) const SHORTEST: usize = 4;

/// What a secret is shown as.
pub(crate) const MASK: &str = "***";
