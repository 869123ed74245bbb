//! JSON on its way to another process: whoever reads it there gives up at some depth, so that its
//! stack is enough.

use serde_json::Value as Json;

use super::EncodeError;

/// The most levels of a value that travels; a few more are around it then.
const DEEPEST: usize = 100;

/// A value that was written, if it would be read at the other end; why not, otherwise.
pub(crate) fn travelling(written: Result<Json, EncodeError>) -> Result<Json, String> {
    let json = written.map_err(|error| error.to_string())?;
    if is_within(&json, DEEPEST) {
        Ok(json)
    } else {
        Err(format!("it is nested more than {DEEPEST} levels deep"))
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
