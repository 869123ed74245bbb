//! Secret texts, and how to find them in a text: all at once, however many they are.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde_json::json;

use super::{MASK, SHORTEST, texts};

/// The shortest line of a secret that is masked by itself: a shorter one, such as a lone brace, is
/// in many texts.
const SHORTEST_LINE: usize = 8;

/// The most bytes of each secret in the automaton, which finds where secrets begin; the rest is
/// compared. A secret may be the whole output of a command.
const BEGIN: usize = 16;

/// Texts that are shown as `***`.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Sorted, each once. Clones share them, as a secret may be long.
    values: Arc<Vec<String>>,
    /// Made for the first text to mask: secrets come one by one, and there may be no such text.
    finder: OnceLock<AhoCorasick>,
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
            self.finder = OnceLock::new();
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
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        for begin in self.finder().find_overlapping_iter(text) {
            let (start, secret) = (begin.start(), &self.values[begin.pattern()]);
            if text[start..].starts_with(secret.as_bytes()) {
                found.push(start..start + secret.len());
            }
        }
        found.sort_unstable_by_key(|secret| secret.start);
        found.dedup_by(|next, merged| {
            let overlaps = next.start < merged.end;
            if overlaps {
                merged.end = merged.end.max(next.end);
            }
            overlaps
        });
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

    fn finder(&self) -> &AhoCorasick {
        self.finder.get_or_init(|| {
            let begins = self.values.iter().map(|secret| {
                let bytes = secret.as_bytes();
                &bytes[..bytes.len().min(BEGIN)]
            });
            let mut finder = AhoCorasick::builder();
            finder.kind(Some(AhoCorasickKind::ContiguousNFA));
            finder.build(begins).expect("few states, as the patterns are short")
        })
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
