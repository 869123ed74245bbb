//! Why a value cannot be written as JSON, or read from it.

use thiserror::Error;

use crate::type_text;

/// Why a value cannot be written as JSON, or read from it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CodecError {
    /// This binary cannot write values of the type.
    #[error(
        "{} cannot be written as JSON: only std's common types can, and types with \
         serde::Serialize that annotated tasks return",
        type_text::one(.0)
    )]
    NotWritable(String),
    /// This binary cannot read values of the type.
    #[error(
        "{} cannot be read from JSON: only std's common types can, and types with \
         serde::Deserialize that annotated tasks return",
        type_text::one(.0)
    )]
    NotReadable(String),
    /// Several types have the name.
    #[error("{type_name} may be any of {count} types; give each type a name of its own")]
    Ambiguous {
        /// The name.
        type_name: String,
        /// The number of types.
        count: usize,
    },
    /// The type can be written, but this value cannot.
    #[error("this {} cannot be written as JSON: {why}", type_text::short(type_name))]
    Unwritable {
        /// The type.
        type_name: String,
        /// The reason that the writer gives.
        why: String,
    },
    /// The JSON is not a value of the type.
    #[error("this JSON is not {}: {why}", type_text::one(type_name))]
    Unreadable {
        /// The type.
        type_name: String,
        /// The reason that the reader gives.
        why: String,
    },
}
