//! What nobody may read: values of parameters and of commands that are secret, and what secret
//! tasks gave as their results. Texts are masked when they are noted, so no event has them either.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLockReadGuard};

use serde_json::Value as Json;

use super::Table;
use crate::codec;
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::graph::TaskId;
use crate::process::Secrets;
use crate::value::Value;

/// A text shorter than this is no secret by itself; it is found in everything, and stars in its
/// place would make a report unreadable.
const SHORTEST: usize = 4;

impl Table {
    /// Keeps texts from being told from now on.
    pub(crate) fn hide<'t>(&self, texts: impl IntoIterator<Item = &'t str>) {
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        secrets.extend(texts);
    }

    /// Keeps a result from being told: a part of it is as secret as the whole.
    pub(crate) fn hide_result(&self, value: &Value) {
        let mut parts = Vec::new();
        if let Some(json) = codec::encode(value) {
            texts(&json, &mut parts);
        }
        self.hide(parts.iter().map(String::as_str));
    }

    pub(crate) fn secrets(&self) -> RwLockReadGuard<'_, Secrets> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The text with `***` in place of everything secret.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets().mask(text)
    }

    /// The name of a task as it may be told. What stands in the source is no secret, and stars in it
    /// would only tell that a secret is the same.
    pub(crate) fn told_name(&self, task: TaskId) -> Cow<'_, str> {
        let planned = self.plan.task(task);
        if planned.place().is_some() {
            Cow::Borrowed(planned.name())
        } else {
            self.mask(planned.name())
        }
    }

    pub(super) fn masked_ending(&self, ending: Ending) -> Ending {
        match ending {
            Ending::Failed(failure) => Ending::Failed(self.masked_failure(failure)),
            Ending::Final(failure) => Ending::Final(self.masked_failure(failure)),
            Ending::Skipped(reason) => Ending::Skipped(self.masked(reason)),
            ending @ (Ending::TimedOut(_) | Ending::Cancelled) => ending,
        }
    }

    pub(crate) fn masked_failure(&self, failure: Failure) -> Failure {
        Failure {
            message: self.masked(failure.message),
            causes: failure.causes.into_iter().map(|cause| self.masked(cause)).collect(),
            place: failure.place,
            trace: failure.trace.map(|trace| self.masked(trace)),
        }
    }

    pub(super) fn masked_output(&self, output: TaskOutput) -> TaskOutput {
        let TaskOutput { stdout, stderr } = output;
        TaskOutput { stdout: self.masked(stdout), stderr: self.masked(stderr) }
    }

    pub(super) fn masked(&self, text: String) -> String {
        match self.mask(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => masked,
        }
    }
}

fn texts(json: &Json, parts: &mut Vec<String>) {
    let mut add = |text: &str| {
        if text.trim().len() >= SHORTEST {
            parts.push(text.to_owned());
        }
    };
    match json {
        Json::Null | Json::Bool(_) => {}
        Json::Number(number) => add(&number.to_string()),
        Json::String(text) => add(text),
        Json::Array(items) => items.iter().for_each(|item| texts(item, parts)),
        Json::Object(entries) => entries.values().for_each(|value| texts(value, parts)),
    }
}
