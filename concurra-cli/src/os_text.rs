//! Paths and arguments in JSON, which has no bytes: as text, or as a list of bytes where they are not
//! valid Unicode. `#[serde(with = "os_text")]` does it for a field.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

#[cfg(feature = "launcher")]
use serde::Serializer;
use serde::{Deserialize, Deserializer, Serialize};

/// An argument in JSON.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum OsText {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<&OsStr> for OsText {
    fn from(text: &OsStr) -> Self {
        match text.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Bytes(text.as_bytes().to_owned()),
        }
    }
}

impl From<OsText> for OsString {
    fn from(text: OsText) -> Self {
        match text {
            OsText::Text(text) => text.into(),
            OsText::Bytes(bytes) => Self::from_vec(bytes),
        }
    }
}

/// Writes a path or an argument.
///
/// # Errors
/// The serializer's.
#[cfg(feature = "launcher")]
pub(crate) fn serialize<S: Serializer>(text: &impl AsRef<OsStr>, to: S) -> Result<S::Ok, S::Error> {
    OsText::from(text.as_ref()).serialize(to)
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
    OsText::deserialize(from).map(|text| OsString::from(text).into())
}

/// A list of arguments as a JSON array.
#[must_use]
pub(crate) fn list_to_json(list: &[impl AsRef<OsStr>]) -> String {
    let list = list.iter().map(|text| OsText::from(text.as_ref())).collect::<Vec<_>>();
    serde_json::to_string(&list).expect("texts and bytes are JSON")
}

/// The list of arguments in a JSON array; none when it is not such an array.
#[must_use]
pub(crate) fn list_from_json(json: &str) -> Option<Vec<OsString>> {
    let list: Vec<OsText> = serde_json::from_str(json).ok()?;
    Some(list.into_iter().map(OsString::from).collect())
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
