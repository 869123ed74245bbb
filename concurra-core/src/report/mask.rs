//! What a report tells of what others said: secrets of commands, of parameters and of secret tasks
//! are `***` in it. Our own words stay, whatever the secrets are, and so does what stands in the
//! source, which is none.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Report, TaskReport};
use crate::codec;
use crate::failure::{Ending, Failure};
use crate::process::{CommandOutput, Secrets};

/// What stands for a secret.
const MASK: &str = "***";

impl Report {
    /// The text with `***` in place of everything secret.
    #[doc(hidden)]
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.table.mask(text)
    }
}

impl TaskReport {
    pub(super) fn told_name(&self) -> Cow<'_, str> {
        self.table.told_name(self.id())
    }

    /// What the task runs; only a command is a text of the user's.
    pub(super) fn told_task(&self) -> String {
        match self.command() {
            Some(line) => self.table.mask(&line).into_owned(),
            None => self.task(),
        }
    }

    pub(super) fn told_tags(&self) -> Vec<Cow<'_, str>> {
        let in_source = self.planned().place().is_some();
        let told = |tag| if in_source { Cow::Borrowed(tag) } else { self.table.mask(tag) };
        self.tags().map(told).collect()
    }

    /// Why it failed.
    pub(super) fn told_failure(&self) -> Option<Failure> {
        self.failure().map(|failure| self.told(failure))
    }

    /// What earlier attempts said.
    pub(super) fn told_retry_errors(&self) -> Vec<Failure> {
        self.retry_errors().into_iter().map(|failure| self.told(failure)).collect()
    }

    /// A failure without secrets that were not known when it was noted; what is said of a timeout is
    /// ours.
    fn told(&self, failure: Failure) -> Failure {
        let ours = self.timeout().and_then(|limit| Ending::TimedOut(limit).failure());
        if ours.as_ref() == Some(&failure) { failure } else { self.table.masked_failure(failure) }
    }

    /// The result, if it can be told.
    pub(super) fn told_result(&self) -> Option<Json> {
        let value = self.value()?;
        if self.planned().is_secret() {
            return Some(MASK.into());
        }
        let mut result = codec::encode(&value)?;
        let secrets = self.table.secrets();
        if secrets.is_empty() {
            return Some(result);
        }
        if value.downcast_ref::<CommandOutput>().is_some() {
            mask_texts(&mut result, &secrets);
        } else {
            mask_parts(&mut result, &secrets);
        }
        Some(result)
    }
}

/// Masks what a command said and was given; its fields and its exit code are ours to name.
fn mask_texts(output: &mut Json, secrets: &Secrets) {
    for field in output.as_object_mut().into_iter().flatten().map(|(_, field)| field) {
        if let Json::String(text) = field {
            *text = secrets.mask(text).into_owned();
        }
    }
}

/// Masks a value of the user's, in which also keys and numbers may be secret.
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
