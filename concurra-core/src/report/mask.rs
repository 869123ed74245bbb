//! What no report tells: secrets of commands, and what secret tasks gave as their results.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Report, TaskReport};
use crate::codec;
use crate::process::Secrets;

/// What stands for a secret.
const MASK: &str = "***";

impl Report {
    /// The text with `***` in place of everything secret.
    #[doc(hidden)]
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.table.mask(text)
    }

    /// The result of a task as a report tells it.
    pub(super) fn told_result(&self, task: &TaskReport) -> Option<Json> {
        let value = task.value()?;
        if task.planned().is_secret() {
            return Some(MASK.into());
        }
        let mut result = codec::encode(&value)?;
        let secrets = self.table.secrets();
        if !secrets.is_empty() {
            mask_parts(&mut result, &secrets);
        }
        Some(result)
    }
}

fn mask_parts(json: &mut Json, secrets: &Secrets) {
    match json {
        Json::Null | Json::Bool(_) => {}
        Json::Number(number) => {
            if secrets.mask(&number.to_string()) == MASK {
                *json = MASK.into();
            }
        }
        Json::String(text) => *text = secrets.mask(text).into_owned(),
        Json::Array(items) => items.iter_mut().for_each(|item| mask_parts(item, secrets)),
        Json::Object(entries) => {
            let masked = std::mem::take(entries).into_iter().map(|(key, mut value)| {
                mask_parts(&mut value, secrets);
                (secrets.mask(&key).into_owned(), value)
            });
            *entries = masked.collect();
        }
    }
}
