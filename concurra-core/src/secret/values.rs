//! The secrets of somebody, and how they are found in a text: all at once, however many they are.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{MASK, SHORTEST, texts};

/// A shorter line of a secret, such as a lone brace, says nothing and stands in many texts.
const TELLING: usize = 8;

/// So many bytes of a secret are sought at once with those of others; the rest is compared. A secret
/// may be all that a command wrote.
const BEGIN: usize = 16;

/// Texts that are shown as `***`.
#[derive(Clone, Default)]
pub struct Secrets {
    /// In order, each once.
    values: Vec<String>,
    /// Made when a text is told: secrets come one by one, and there may be no such text.
    finder: OnceLock<AhoCorasick>,
}

impl Secrets {
    /// Adds a value. White space around it is no part of the secret, as a value read from a file
    /// often ends in a line break that does not appear where the value is used.
    pub(crate) fn push(&mut self, value: &str) {
        self.extend([value]);
    }

    /// Adds several values at once. Of one with several lines each is a secret: a log may have
    /// them one by one.
    pub fn extend<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) {
        let mut added = Vec::new();
        for value in values.into_iter().map(str::trim).filter(|value| !value.is_empty()) {
            added.extend(forms(value));
            if value.contains('\n') {
                let lines = value.lines().map(str::trim).filter(|line| line.len() >= TELLING);
                added.extend(lines.flat_map(forms));
            }
        }
        self.take(added);
    }

    /// Adds a result as somebody wrote it: all of it, and each part of one that is JSON. Short ones
    /// are left out.
    pub fn push_result(&mut self, text: &str) {
        let json = serde_json::from_str(text).as_ref().map(texts).unwrap_or_default();
        let parts = std::iter::once(text).chain(json.iter().map(String::as_str));
        self.extend(parts.filter(|part| part.trim().len() >= SHORTEST));
    }

    /// Adds the values of others.
    pub(crate) fn add(&mut self, others: &Self) {
        self.take(others.values.clone());
    }

    fn take(&mut self, mut added: Vec<String>) {
        added.retain(|value| self.values.binary_search(value).is_err());
        if !added.is_empty() {
            self.values.append(&mut added);
            // Most of it is in order already, which this sort is quick with.
            self.values.sort();
            self.values.dedup();
            self.finder = OnceLock::new();
        }
    }

    /// Whether there is none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The text with `***` in place of every secret; in place of several that overlap there is one.
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.found(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = String::with_capacity(text.len());
        let mut told = 0;
        for Range { start, end } in found {
            masked.push_str(&text[told..start]);
            masked.push_str(MASK);
            told = end;
        }
        masked.push_str(&text[told..]);
        Cow::Owned(masked)
    }

    /// Where the text has secrets. They are sought in the text as it is: one that was replaced
    /// before another is sought would leave the other's half behind.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if self.is_empty() {
            return found;
        }
        // They come in the order in which they end.
        for begin in self.finder().find_overlapping_iter(text) {
            let (start, secret) = (begin.start(), &self.values[begin.pattern()]);
            if text.as_bytes()[start..].starts_with(secret.as_bytes()) {
                found.push(start..start + secret.len());
            }
        }
        found.sort_unstable_by_key(|secret| secret.start);
        // Those that overlap are one.
        found.dedup_by(|next, last| {
            let overlaps = next.start < last.end;
            if overlaps {
                last.end = last.end.max(next.end);
            }
            overlaps
        });
        found
    }

    fn finder(&self) -> &AhoCorasick {
        self.finder.get_or_init(|| {
            let begins = self.values.iter().map(|secret| {
                let bytes = secret.as_bytes();
                &bytes[..bytes.len().min(BEGIN)]
            });
            let mut finder = AhoCorasick::builder();
            finder.kind(Some(AhoCorasickKind::ContiguousNFA));
            finder.build(begins).expect("there is room for begins")
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

/// A secret as it stands in texts: as it is, and as `Debug` and JSON write it; also as they write
/// those again, as whoever unwraps an error quotes what the error quotes.
fn forms(value: &str) -> Vec<String> {
    let mut forms = vec![value.to_owned()];
    for _ in 0..2 {
        let written: Vec<_> =
            forms.iter().flat_map(|form| [in_debug(form), in_json(form)]).collect();
        forms.extend(written);
        forms.sort();
        forms.dedup();
        // Nearly all secrets look the same wherever they are written.
        if forms.len() == 1 {
            break;
        }
    }
    forms
}

fn in_debug(text: &str) -> String {
    unquoted(&format!("{text:?}"))
}

fn in_json(text: &str) -> String {
    unquoted(&serde_json::Value::from(text).to_string())
}

fn unquoted(text: &str) -> String {
    text[1..text.len() - 1].to_owned()
}
