//! What a report tells of what others said: secrets of commands, of parameters and of secret tasks
//! are `***` in it. Our own words stay, whatever the secrets are, and so does what stands in the
//! source, which is none.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Report, TaskReport};
use crate::codec;
use crate::process::CommandOutput;
use crate::secret::{MASK, mask_json, mask_record};

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

    pub(super) fn told_tags(&self) -> Vec<Cow<'_, str>> {
        let in_source = self.planned().def().is_some();
        let told = |tag| if in_source { Cow::Borrowed(tag) } else { self.table.mask(tag) };
        self.tags().map(told).collect()
    }

    /// The result, if it can be told.
    pub(super) fn told_result(&self) -> Option<Json> {
        let value = self.value()?;
        if self.planned().is_secret() {
            return Some(MASK.into());
        }
        let mut result = codec::encode(&value).ok()?;
        let secrets = self.table.secrets();
        if secrets.is_empty() {
            return Some(result);
        }
        if value.downcast_ref::<CommandOutput>().is_some() {
            mask_record(&mut result, &secrets);
        } else {
            mask_json(&mut result, &secrets);
        }
        Some(result)
    }
}
