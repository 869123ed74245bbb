//! Secrets in JSON: the texts of a value, and a value with its secret texts masked.

use serde_json::Value as Json;

use super::{MASK, SHORTEST, Secrets};

/// The texts and numbers of a value, and those keys that are not names of fields.
pub(crate) fn texts(json: &Json) -> Vec<String> {
    match json {
        Json::Null | Json::Bool(_) => Vec::new(),
        Json::Number(number) => vec![number.to_string()],
        Json::String(text) => vec![text.clone()],
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        Json::Object(entries) => {
            // Secret keys of a map rarely look like names.
            let is_name = |key: &str| key.chars().all(|c| c.is_alphabetic() || c == '_');
            let keys = entries.keys().filter(|key| !is_name(key)).cloned();
            keys.chain(entries.values().flat_map(texts)).collect()
        }
    }
}

/// Masks a user's value, in which keys and numbers may be secret too.
pub(crate) fn mask_json(json: &mut Json, secrets: &Secrets) {
    match json {
        Json::Null | Json::Bool(_) => {}
        Json::Number(number) => {
            let digits = number.to_string();
            let masked = secrets.mask(&digits);
            // Many numbers contain a few secret digits.
            let hidden = (digits.len() + MASK.len()).saturating_sub(masked.len());
            if masked == MASK || hidden >= SHORTEST {
                *json = MASK.into();
            }
        }
        Json::String(text) => *text = secrets.mask(text).into_owned(),
        Json::Array(items) => items.iter_mut().for_each(|item| mask_json(item, secrets)),
        Json::Object(entries) => {
            let masked = std::mem::take(entries).into_iter().map(|(key, mut value)| {
                mask_json(&mut value, secrets);
                (secrets.mask(&key).into_owned(), value)
            });
            *entries = masked.collect();
        }
    }
}

/// Masks the texts of a record of this crate, whose keys and numbers are not secret.
pub(crate) fn mask_record(record: &mut Json, secrets: &Secrets) {
    for field in record.as_object_mut().into_iter().flatten().map(|(_, field)| field) {
        if let Json::String(text) = field {
            *text = secrets.mask(text).into_owned();
        }
    }
}
