//! Secret values, and how `***` takes their place in texts and JSON. Unaware of tasks.

mod json;
mod masking;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use json::{mask_json, mask_record, texts};
pub(crate) use masking::Masking;
pub use values::Secrets;

/// The shortest part of a result that is secret by itself: a shorter one is in many texts, and stars
/// in its place would make a report unreadable.
pub(crate) const SHORTEST: usize = 4;

/// Takes the place of a secret.
pub(crate) const MASK: &str = "***";
