//! Secret texts, and how to find them in a text: all at once, however many they are.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde_json::json;

use super::{MASK, SHORTEST, texts};

/// The shortest line of a secret that is masked by itself: a shorter one, such as a lone brace, is
/// in many texts.
const SHORTEST_LINE: usize = 8;

/// The bytes of each secret by which a search finds it; the rest is compared. A secret may be the whole
/// output of a command.
const BEGIN: usize = 16;

/// Texts that are shown as `***`.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Sorted, each once. Clones share them, as a secret may be long.
    values: Arc<Vec<String>>,
    /// The bytes with which secrets begin, a bit each. At most places of a text no secret begins.
    begins: [u64; 4],
    /// The lengths of the secrets up to [`BEGIN`], a bit each.
    lengths: u32,
}

impl Secrets {
    /// Adds values, without the white space around them: a value read from a file often ends in a
    /// line break. Each line of a value is a secret too, as a log may have the lines one by one.
    pub fn extend<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) {
        let mut added = Vec::new();
        for value in values.into_iter().map(str::trim).filter(|value| !value.is_empty()) {
            added.extend(forms(value));
            if value.contains('\n') {
                let lines = value.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE);
                added.extend(lines.flat_map(forms));
            }
        }
        self.take(added);
    }

    /// Adds the text of a result, and each part of the text that is JSON, except the short ones.
    pub fn push_result(&mut self, text: &str) {
        let json = serde_json::from_str(text).as_ref().map(texts).unwrap_or_default();
        let parts = std::iter::once(text).chain(json.iter().map(String::as_str));
        self.extend(parts.filter(|part| part.trim().len() >= SHORTEST));
    }

    /// Adds the values of other secrets.
    pub(crate) fn add(&mut self, others: &Self) {
        self.take(others.values.to_vec());
    }

    fn take(&mut self, mut added: Vec<String>) {
        added.retain(|value| self.values.binary_search(value).is_err());
        if !added.is_empty() {
            let values = Arc::make_mut(&mut self.values);
            values.append(&mut added);
            // This sort is quick with a list that is mostly sorted.
            values.sort();
            values.dedup();
            for value in values.iter() {
                let first = value.as_bytes()[0];
                self.begins[usize::from(first / 64)] |= 1 << (first % 64);
                self.lengths |= 1 << value.len().min(BEGIN);
            }
        }
    }

    /// Whether no secret is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The text with `***` in place of every secret, and one `***` in place of secrets that overlap.
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let hidden = self.hidden(text.as_bytes());
        if hidden.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = String::with_capacity(text.len());
        let mut done = 0;
        for Range { start, end } in hidden {
            masked.push_str(&text[done..start]);
            masked.push_str(MASK);
            done = end;
        }
        masked.push_str(&text[done..]);
        Cow::Owned(masked)
    }

    /// Where the text contains secrets, in order; one range for secrets that overlap. The search uses
    /// the unmasked text: a mask in place of one secret would leave half of another that overlaps it.
    pub(super) fn hidden(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::<Range<usize>>::new();
        if self.is_empty() {
            return found;
        }
        for start in 0..text.len() {
            let Some(length) = self.longest_begin(&text[start..]) else { continue };
            let end = start + length;
            match found.last_mut() {
                Some(last) if start < last.end => last.end = last.end.max(end),
                _ => found.push(start..end),
            }
        }
        found
    }

    /// The bytes in the longest secret.
    pub(super) fn longest(&self) -> usize {
        self.values.iter().map(String::len).max().unwrap_or(0)
    }

    /// The beginning of a longer text, without a secret's beginning at its end.
    pub(crate) fn before_cut<'t>(&self, mut text: &'t [u8]) -> &'t [u8] {
        let part = |text: &[u8], secret: &[u8]| {
            let most = (secret.len() - 1).min(text.len());
            (1..=most).rev().find(|part| text.ends_with(&secret[..*part]))
        };
        // Without it, the text may end in the beginning of a secret that overlaps.
        while let Some(part) = self.bytes().filter_map(|secret| part(text, secret)).max() {
            text = &text[..text.len() - part];
        }
        text
    }

    /// The end of a longer text, without a secret's end at its beginning.
    pub(crate) fn after_cut<'t>(&self, mut text: &'t [u8]) -> &'t [u8] {
        let part = |text: &[u8], secret: &[u8]| {
            let most = (secret.len() - 1).min(text.len());
            (1..=most).rev().find(|part| text.starts_with(&secret[secret.len() - part..]))
        };
        while let Some(part) = self.bytes().filter_map(|secret| part(text, secret)).max() {
            text = &text[part..];
        }
        text
    }

    fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.values.iter().map(String::as_bytes)
    }

    /// The bytes of the longest secret with which the text begins.
    fn longest_begin(&self, text: &[u8]) -> Option<usize> {
        if !self.begins_with(text) {
            return None;
        }
        let lengths = (1..=BEGIN.min(text.len())).rev();
        lengths.filter(|length| self.lengths >> length & 1 == 1).find_map(|length| {
            let begin = &text[..length];
            let from = self.values.partition_point(|value| value.as_bytes() < begin);
            // Only the longest beginning may be that of several secrets. A shorter one is a whole secret.
            let may_be = |value: &&[u8]| {
                value.starts_with(begin) && (length == BEGIN || length == value.len())
            };
            let values = self.values[from..].iter().map(String::as_bytes).take_while(may_be);
            values.filter(|value| text.starts_with(value)).map(<[u8]>::len).max()
        })
    }

    /// Whether a secret begins with the text's first byte.
    fn begins_with(&self, text: &[u8]) -> bool {
        text.first()
            .is_some_and(|first| self.begins[usize::from(first / 64)] >> (first % 64) & 1 == 1)
    }
}

impl PartialEq for Secrets {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Eq for Secrets {}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.values.len())
    }
}

/// The forms of a secret in texts: the secret itself, and as `Debug` and JSON write it. Also as they
/// write those forms again: the message of an `unwrap` quotes an error, which may quote the secret.
fn forms(value: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([value.to_owned()]);
    for _ in 0..2 {
        let quoted = forms.iter().flat_map(|form| [format!("{form:?}"), json!(form).to_string()]);
        let unquoted = quoted.map(|quoted| quoted[1..quoted.len() - 1].to_owned());
        let unquoted: Vec<_> = unquoted.collect();
        forms.extend(unquoted);
    }
    forms
}
