//! How results are written as JSON and read back, by their types alone. Unaware of tasks.
//!
//! Only a closure knows the type of its result, so what can be written is looked up by the type of
//! the value: std's common ones, and those that annotated tasks of this binary return.

mod known;
mod plain;
mod plural;
mod standard;

use std::any::TypeId;

use known::Known;
pub(crate) use known::Source;
use serde_json::Value as Json;

use crate::failure;
use crate::type_text;
use crate::value::{DecodeValue, ResultType, Value};

/// Why there is no value in some JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Nobody knows how values of this type are read.
    #[error(
        "{} cannot be read from JSON; implement serde::Deserialize for it, and return it from an \
         annotated task",
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

/// Whether values of this type can be written as JSON and read back.
#[must_use]
pub fn crosses(result: &ResultType) -> bool {
    let known = Known::get().of(result.id);
    known.is_some_and(|known| known.encode.is_some() && known.decode.is_some())
}

/// Writes a result as JSON; `None` when it cannot be.
///
/// ```
/// use concurra_core::{Value, codec};
///
/// let written = codec::encode(&Value::new(vec!["a", "b"]));
/// assert_eq!(written, Some(serde_json::json!(["a", "b"])));
/// ```
#[must_use]
pub fn encode(value: &Value) -> Option<Json> {
    let encode = Known::get().of(value.type_id())?.encode?;
    // A `Serialize` that panics must not take a whole report with it.
    failure::guard(|| Ok(encode(value))).ok().flatten()
}

/// Reads a value from JSON; its type is named as [`Value::type_name`] names it.
///
/// ```
/// use concurra_core::codec;
///
/// let value = codec::decode("u32", 42.into()).unwrap();
/// assert_eq!(value.downcast_ref::<u32>(), Some(&42));
/// ```
///
/// # Errors
/// Nobody knows how values of this type are read, or the JSON is not that of one.
pub fn decode(type_name: &str, json: Json) -> Result<Value, DecodeError> {
    let type_name = type_name.to_owned();
    let known = Known::get();
    let id = match known.named(&type_name) {
        [] => return Err(DecodeError::NotReadable { type_name }),
        [only] => *only,
        several => return Err(DecodeError::Ambiguous { type_name, count: several.len() }),
    };
    let Some(decode) = known.of(id).and_then(|known| known.decode) else {
        return Err(DecodeError::NotReadable { type_name });
    };
    decode(json).map_err(|why| DecodeError::Wrong { type_name, why })
}

/// Reads a result that was given as text: JSON of its type, else the text itself. `None` when
/// nobody knows how values of this type are read.
pub(crate) fn from_text(result: &ResultType, text: &str) -> Option<Result<Option<Value>, String>> {
    if result.id == TypeId::of::<()>() {
        return Some(Ok(None));
    }
    // What its own reader refuses may still be what reports write: a `Duration` in seconds.
    let decoded = || {
        let decode = Known::get().of(result.id)?.decode?;
        Some(decode_text(decode, text).map(Some))
    };
    let parse = result.parse.or_else(|| Known::get().of(result.id)?.parse);
    match parse.map(|parse| parse(text)) {
        Some(Err(why)) => decoded().filter(Result::is_ok).or(Some(Err(why))),
        read => read.or_else(decoded),
    }
}

fn decode_text(decode: DecodeValue, text: &str) -> Result<Value, String> {
    let from_text = || decode(text.into());
    match serde_json::from_str(text) {
        Ok(json) => decode(json).or_else(|why| from_text().map_err(|_| why)),
        Err(error) if error.is_eof() => from_text().map_err(|_| "it is no whole JSON".to_owned()),
        Err(_) => from_text(),
    }
}
