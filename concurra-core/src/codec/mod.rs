//! How results are written as JSON and read back, by their types alone. Unaware of tasks.
//!
//! Only a closure knows the type of its result, so what can be written is looked up by the type of
//! the value: std's common ones, and those that annotated tasks of this binary return.

mod error;
mod known;
mod plain;
mod plural;
mod standard;
mod travel;

use std::any::TypeId;

pub use error::{DecodeError, EncodeError};
use known::Known;
pub(crate) use known::Source;
use serde_json::Value as Json;
pub(crate) use travel::travelling;

use crate::failure::{self, Ending, Failure};
use crate::value::{DecodeValue, EncodeValue, ResultType, Value};

/// Whether values of this type can be written as JSON and read back.
#[must_use]
pub fn crosses(result: &ResultType) -> bool {
    let known = Known::get().of(result.id);
    known.is_some_and(|known| known.encode.is_some() && known.decode.is_some())
}

/// Writes a result as JSON.
///
/// ```
/// use concurra_core::{Value, codec};
///
/// let written = codec::encode(&Value::new(vec!["a", "b"]));
/// assert_eq!(written, Ok(serde_json::json!(["a", "b"])));
/// ```
///
/// # Errors
/// Nobody knows how values of this type are written, or this one cannot be, such as a map whose keys
/// are no texts.
pub fn encode(value: &Value) -> Result<Json, EncodeError> {
    match Known::get().of(value.type_id()).and_then(|known| known.encode) {
        Some(encode) => encode_by(encode, value),
        None => Err(EncodeError::NotWritable { type_name: value.type_name().to_owned() }),
    }
}

/// Writes a value in a way that is known.
pub(crate) fn encode_by(encode: EncodeValue, value: &Value) -> Result<Json, EncodeError> {
    // A `Serialize` that panics must not take a whole report with it.
    let written =
        failure::guard(|| encode(value).map_err(|why| Ending::Failed(Failure::message(why))));
    written.map_err(|ending| EncodeError::Failed {
        type_name: value.type_name().to_owned(),
        why: ending.failure().unwrap_or_default().message,
    })
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
        Err(error) if error.is_eof() => from_text().map_err(|_| "it is incomplete JSON".to_owned()),
        Err(_) => from_text(),
    }
}
