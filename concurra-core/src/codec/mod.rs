//! Results as JSON and back, by their types alone. Unaware of tasks.
//!
//! Only a closure's own code knows the type of its result. So the codec looks up the type of the
//! value: among std's common types, and those that annotated tasks of this binary return.

mod error;
mod form;
mod known;
mod sent;

use std::any::TypeId;

pub use error::CodecError;
pub(crate) use known::Source;
pub(crate) use sent::Sent;
use serde_json::Value as Json;

use crate::failure::{self, Ending, Failure};
use crate::value::{DecodeValue, EncodeValue, ResultType, Value};

/// Whether values of this type can be written as JSON and read back.
#[must_use]
pub fn crosses(result: &ResultType) -> bool {
    known::by_id(result.id).is_some_and(|known| known.encode.is_some() && known.decode.is_some())
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
/// This binary cannot write values of this type, or JSON cannot hold this one, such as a map whose
/// keys are not texts.
pub fn encode(value: &Value) -> Result<Json, CodecError> {
    match known::by_id(value.type_id()).and_then(|known| known.encode) {
        Some(encode) => encode_by(encode, value),
        None => Err(CodecError::NotWritable(value.type_name().to_owned())),
    }
}

/// Writes a value with this writer.
pub(crate) fn encode_by(encode: EncodeValue, value: &Value) -> Result<Json, CodecError> {
    // A `Serialize` that panics must not take a whole report with it.
    let written = failure::guard(|| {
        encode(value).map_err(|why| Ending::Failed(Failure::message(why).into()))
    });
    written.map_err(|ending| CodecError::Unwritable {
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
/// This binary cannot read values of this type, or the JSON is not one.
pub fn decode(type_name: &str, json: Json) -> Result<Value, CodecError> {
    let name = || type_name.to_owned();
    let decode = match known::by_name(type_name).as_slice() {
        [ResultType { decode: Some(decode), .. }] => decode,
        [] | [_] => return Err(CodecError::NotReadable(name())),
        several => {
            return Err(CodecError::Ambiguous { type_name: name(), count: several.len() });
        }
    };
    decode(json).map_err(|why| CodecError::Unreadable { type_name: name(), why })
}

/// Reads a mocked result: JSON of its type, else the text itself. `None` when this binary cannot
/// read values of this type.
///
/// # Errors
/// The text is not a value of this type; the error says why.
#[doc(hidden)]
pub fn from_text(result: &ResultType, text: &str) -> Option<Result<Option<Value>, String>> {
    if result.id == TypeId::of::<()>() {
        return Some(Ok(None));
    }
    let known = known::by_id(result.id);
    let parse = result.parse.or_else(|| known?.parse);
    let decode = known.and_then(|known| known.decode).or(result.decode);
    let read = match (parse.map(|parse| parse(text)), decode) {
        // A text that `FromStr` refuses may be the form of reports: a `Duration` in seconds.
        (Some(Err(why)), Some(decode)) => decode_text(decode, text).map_err(|_| why),
        (None, Some(decode)) => decode_text(decode, text),
        (parsed, _) => parsed?,
    };
    Some(read.map(Some))
}

fn decode_text(decode: DecodeValue, text: &str) -> Result<Value, String> {
    let from_text = || decode(text.into());
    match serde_json::from_str(text) {
        Ok(json) => decode(json).or_else(|why| from_text().map_err(|_| why)),
        Err(error) if error.is_eof() => from_text().map_err(|_| "it is incomplete JSON".to_owned()),
        Err(_) => from_text(),
    }
}
