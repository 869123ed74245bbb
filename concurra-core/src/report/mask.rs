//! What no report tells: secrets of commands, and what secret tasks gave as their results.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Report, TaskReport};
use crate::codec;
use crate::engine::Table;
use crate::process::Secrets;
use crate::task::{Body, What};

/// What stands for a secret.
const MASK: &str = "***";

/// A text shorter than this is no secret by itself; it is found in everything, and stars in its
/// place would make a report unreadable.
const SHORTEST: usize = 4;

/// Texts that no report tells.
pub(super) fn secrets(table: &Table, tasks: &[TaskReport]) -> Secrets {
    let mut secrets = Secrets::default();
    for task in tasks {
        if let Body::Special(special) = table.body(task.id())
            && let What::Command(spec) = &special.what
        {
            secrets.add(&spec.secrets);
        }
        if task.planned().is_secret() {
            let result = task.value().and_then(|value| codec::encode(&value));
            result.iter().for_each(|result| add_parts(result, &mut secrets));
        }
    }
    secrets
}

/// A part of a secret result is as secret as the whole.
fn add_parts(json: &Json, secrets: &mut Secrets) {
    match json {
        Json::Null | Json::Bool(_) => {}
        Json::Number(number) => add(&number.to_string(), secrets),
        Json::String(text) => add(text, secrets),
        Json::Array(items) => items.iter().for_each(|item| add_parts(item, secrets)),
        Json::Object(entries) => entries.values().for_each(|value| add_parts(value, secrets)),
    }
}

fn add(text: &str, secrets: &mut Secrets) {
    if text.trim().len() >= SHORTEST {
        secrets.push(text);
    }
}

impl Report {
    /// The text with `***` in place of everything secret.
    #[doc(hidden)]
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets().mask(text)
    }

    /// The result of a task as a report tells it.
    pub(super) fn told_result(&self, task: &TaskReport) -> Option<Json> {
        let value = task.value()?;
        if task.planned().is_secret() {
            return Some(MASK.into());
        }
        let mut result = codec::encode(&value)?;
        if !self.secrets().is_empty() {
            mask_parts(&mut result, self.secrets());
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
