//! Values on their way between a run and its worker processes.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{CodecError, decode, encode};
use crate::value::Value;

/// The most levels of a value. `serde_json` refuses a line with 128 levels, to limit its stack.
const DEEPEST: usize = 100;

/// A value for another process.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) type_name: String,
    /// The value, or why it cannot be sent.
    pub(crate) json: Result<Json, String>,
}

impl Sent {
    pub(crate) fn new(value: &Value) -> Self {
        Self::written(value, encode(value))
    }

    /// A value with its JSON.
    pub(crate) fn written(value: &Value, json: Result<Json, CodecError>) -> Self {
        let json = match json {
            Ok(json) if is_within(&json, DEEPEST) => Ok(json),
            Ok(_) => Err(format!("it is nested more than {DEEPEST} levels deep")),
            Err(error) => Err(error.to_string()),
        };
        Self { type_name: value.type_name().to_owned(), json }
    }

    /// The value; the error says why it could not be sent or read.
    pub(crate) fn read(self) -> Result<Value, String> {
        decode(&self.type_name, self.json?).map_err(|error| error.to_string())
    }
}

fn is_within(json: &Json, levels: usize) -> bool {
    let inner = |json| is_within(json, levels - 1);
    match json {
        Json::Array(items) => levels > 0 && items.iter().all(inner),
        Json::Object(entries) => levels > 0 && entries.values().all(inner),
        _ => true,
    }
}
