//! What nobody may read: values of parameters and of commands that are secret, and what secret
//! tasks gave as their results. Texts are masked whenever they are told, as a secret may become known
//! after them: a task says something, and then gives its result.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLockReadGuard};

use super::Table;
use crate::codec::{self, EncodeError};
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::graph::TaskId;
use crate::process::CommandOutput;
use crate::secret::{self, MASK, SHORTEST, Secrets};
use crate::value::Value;

impl Table {
    /// Keeps texts from being told from now on.
    pub(crate) fn hide<'t>(&self, texts: impl IntoIterator<Item = &'t str>) {
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        secrets.extend(texts);
    }

    /// Keeps the result of a secret task from being told: a part of it is as secret as the whole.
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
                let warning = format!("{why}; it is hidden, but not where others tell parts of it");
                self.note_warning(task, warning);
            }
        }
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
    pub(crate) fn shown_name(&self, task: TaskId) -> Cow<'_, str> {
        let planned = self.plan.task(task);
        if planned.def().is_some() {
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

    /// What a task wrote. That of a secret one is not told at all: it may have written its result in
    /// parts, in another form or before an attempt that gave none, so nobody knows what to hide.
    pub(super) fn masked_output(&self, task: TaskId, output: TaskOutput) -> TaskOutput {
        let is_secret = self.plan.task(task).is_secret();
        let told = |text: String| match text.as_str() {
            "" => text,
            _ if is_secret => MASK.to_owned(),
            _ => self.masked(text),
        };
        TaskOutput { stdout: told(output.stdout), stderr: told(output.stderr) }
    }

    pub(super) fn masked(&self, text: String) -> String {
        match self.mask(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => masked,
        }
    }
}

/// The texts of which a result is made.
fn parts(value: &Value) -> Result<Vec<String>, EncodeError> {
    // Beside what it wrote, a command's has only what is known of the task.
    if let Some(CommandOutput { stdout, stderr, .. }) = value.downcast_ref() {
        return Ok([stdout, stderr].map(|stream| stream.as_str().into_owned()).into());
    }
    if let Some(bytes) = value.downcast_ref::<Vec<u8>>() {
        return Ok(vec![String::from_utf8_lossy(bytes).into_owned()]);
    }
    codec::encode(value).as_ref().map(secret::texts).map_err(Clone::clone)
}
