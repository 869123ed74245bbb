//! Paths and arguments in JSON, which has no bytes: as text, or as a list of bytes where they are not
//! valid Unicode. `#[serde(with = "os_text")]` does it for a field.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes a path or an argument.
///
/// # Errors
/// The serializer's.
pub(crate) fn serialize<S: Serializer>(text: &impl AsRef<OsStr>, to: S) -> Result<S::Ok, S::Error> {
    match text.as_ref().to_str() {
        Some(text) => text.serialize(to),
        None => text.as_ref().as_bytes().serialize(to),
    }
}

/// Reads a path or an argument.
///
/// # Errors
/// There is neither a text nor a list of bytes.
pub(crate) fn deserialize<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: From<OsString>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Json {
        Text(String),
        Bytes(Vec<u8>),
    }
    Json::deserialize(from).map(|json| match json {
        Json::Text(text) => OsString::from(text).into(),
        Json::Bytes(bytes) => OsString::from_vec(bytes).into(),
    })
}

#[derive(Serialize, Deserialize)]
struct Argument(#[serde(with = "crate::os_text")] OsString);

/// Writes a list of arguments as a JSON array.
#[must_use]
pub(crate) fn list_to_json(list: &[OsString]) -> String {
    let list = list.iter().cloned().map(Argument).collect::<Vec<_>>();
    serde_json::to_string(&list).expect("texts and bytes are JSON")
}

/// Reads the list of arguments in a JSON array; none when the text is not such an array.
#[must_use]
pub(crate) fn list_from_json(json: &str) -> Option<Vec<OsString>> {
    let list: Vec<Argument> = serde_json::from_str(json).ok()?;
    Some(list.into_iter().map(|argument| argument.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_unicode_keeps_its_bytes() {
        let list = ["--tags=ä b".into(), OsString::from_vec(b"--log-dir=\xff/logs".to_vec())];
        let json = list_to_json(&list);
        assert!(json.starts_with("[\"--tags=ä b\",[45,45,"), "{json}");
        assert_eq!(list_from_json(&json).as_deref(), Some(&list[..]));
        for wrong in ["--tags a", "[1]", "[[256]]", "{}", ""] {
            assert_eq!(list_from_json(wrong), None, "{wrong}");
        }
    }
}
