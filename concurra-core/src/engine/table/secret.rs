//! Masks secrets: secret parameters, secret arguments of commands, and the results of secret tasks.
//! The table masks texts when it shows them and not when it stores them, as a task may write a text
//! before that becomes its secret result.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLockReadGuard};

use super::Table;
use crate::codec::{self, CodecError};
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::graph::TaskId;
use crate::process::CommandOutput;
use crate::secret::{self, MASK, SHORTEST, Secrets};
use crate::value::Value;

impl Table {
    /// Makes texts secret from now on.
    pub(crate) fn hide<'t>(&self, texts: impl IntoIterator<Item = &'t str>) {
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        secrets.extend(texts);
    }

    /// Makes the result of a secret task secret, and each text in it.
    pub(crate) fn hide_result(&self, task: TaskId, value: &Value) {
        if !self.plan.task(task).is_secret() {
            return;
        }
        match parts(value) {
            Ok(parts) => {
                let long = parts.iter().filter(|part| part.trim().len() >= SHORTEST);
                self.hide(long.map(String::as_str));
            }
            Err(why) => {
                let warning = format!(
                    "{why}; its result is hidden, but not where other texts contain parts of it"
                );
                self.note_warning(task, warning);
            }
        }
    }

    pub(crate) fn secrets(&self) -> RwLockReadGuard<'_, Secrets> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The text with `***` in place of secrets.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets().mask(text)
    }

    /// The masked name or tag of a task. A text in the source is never masked: stars would reveal that
    /// it equals a secret.
    pub(super) fn shown<'t>(&self, task: TaskId, text: &'t str) -> Cow<'t, str> {
        let is_in_source = self.plan.task(task).def.is_some();
        if is_in_source { Cow::Borrowed(text) } else { self.mask(text) }
    }

    /// The masked name of a task.
    pub(crate) fn shown_name(&self, task: TaskId) -> Cow<'_, str> {
        self.shown(task, self.plan.task(task).name())
    }

    /// The masked failure of an attempt. A timeout's message is Concurra's own.
    pub(super) fn failure_of(&self, ending: Option<&Ending>) -> Option<Failure> {
        let failure = ending?.failure()?;
        let is_own = matches!(ending, Some(Ending::TimedOut(_)));
        Some(if is_own { failure } else { self.masked_failure(failure) })
    }

    pub(crate) fn masked_failure(&self, failure: Failure) -> Failure {
        Failure {
            message: self.masked(failure.message),
            causes: failure.causes.into_iter().map(|cause| self.masked(cause)).collect(),
            place: failure.place,
            trace: failure.trace.map(|trace| self.masked(trace)),
        }
    }

    /// The masked output of a task. The output of a secret task is hidden as a whole, as the task may
    /// have written its result in parts or in another form.
    pub(super) fn masked_output(&self, task: TaskId, output: TaskOutput) -> TaskOutput {
        let is_secret = self.plan.task(task).is_secret();
        let masked = |text: String| match text.as_str() {
            "" => text,
            _ if is_secret => MASK.to_owned(),
            _ => self.masked(text),
        };
        TaskOutput { stdout: masked(output.stdout), stderr: masked(output.stderr) }
    }

    pub(super) fn masked(&self, text: String) -> String {
        match self.mask(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => masked,
        }
    }
}

/// The texts in a result.
fn parts(value: &Value) -> Result<Vec<String>, CodecError> {
    // A command's result holds nothing else that is secret.
    if let Some(CommandOutput { stdout, stderr, .. }) = value.downcast_ref() {
        return Ok([stdout, stderr].map(|stream| stream.as_str().into_owned()).into());
    }
    if let Some(bytes) = value.downcast_ref::<Vec<u8>>() {
        return Ok(vec![String::from_utf8_lossy(bytes).into_owned()]);
    }
    codec::encode(value).as_ref().map(secret::texts).map_err(Clone::clone)
}
