//! Why a value does not become JSON, or JSON no value.

use thiserror::Error;

use crate::type_text;

/// Why a value is not written as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// Nobody knows how values of this type are written.
    #[error(
        "{} cannot be written as JSON: that is known of std's common types, and of those with \
         serde::Serialize that annotated tasks return",
        type_text::one(type_name)
    )]
    NotWritable {
        /// The type.
        type_name: String,
    },
    /// Others of this type may be written, this one cannot.
    #[error("this {} cannot be written as JSON: {why}", type_text::short(type_name))]
    Failed {
        /// The type.
        type_name: String,
        /// What its writer says.
        why: String,
    },
}

/// Why there is no value in some JSON.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Nobody knows how values of this type are read.
    #[error(
        "{} cannot be read from JSON: that is known of std's common types, and of those with \
         serde::Deserialize that annotated tasks return",
        type_text::one(type_name)
    )]
    NotReadable {
        /// The type.
        type_name: String,
    },
    /// Several types have this name.
    #[error("{type_name} may be any of {count} types; give them names of their own")]
    Ambiguous {
        /// The name.
        type_name: String,
        /// How many have it.
        count: usize,
    },
    /// The JSON is not that of this type.
    #[error("there is no {} in this JSON: {why}", type_text::short(type_name))]
    Wrong {
        /// The type.
        type_name: String,
        /// What its reader says.
        why: String,
    },
}
