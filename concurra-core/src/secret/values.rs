//! The secrets of somebody, and how they are found in a text: all at once, however many they are.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::MASK;

/// A shorter line of a secret, such as a lone brace, says nothing and stands in many texts.
const TELLING: usize = 8;

/// Texts that are shown as `***`.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Secrets {
    /// In order, each once, so that what a text begins with is found by halving.
    values: Vec<String>,
    starts: Starts,
}

impl Secrets {
    /// Adds a value. White space around it is no part of the secret, as a value read from a file
    /// often ends in a line break that does not appear where the value is used.
    pub(crate) fn push(&mut self, value: &str) {
        self.extend([value]);
    }

    /// Adds several values at once. Of one with several lines each is a secret: a log may have
    /// them one by one.
    pub(crate) fn extend<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) {
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
            self.starts = Starts::of(&self.values);
        }
    }

    /// Whether there is none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The text with `***` in place of every secret; in place of several that overlap there is one.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.found(text.as_bytes());
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
    fn found(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if self.is_empty() {
            return found;
        }
        for at in 0..text.len() {
            let rest = &text[at..];
            let Some(length) = self.starts.may_begin(rest).then(|| self.longest(rest)).flatten()
            else {
                continue;
            };
            match found.last_mut() {
                Some(last) if at < last.end => last.end = last.end.max(at + length),
                _ => found.push(at..at + length),
            }
        }
        found
    }

    /// The length of the longest secret that the text begins with.
    fn longest(&self, mut text: &[u8]) -> Option<usize> {
        loop {
            let after = self.values.partition_point(|value| value.as_bytes() <= text);
            let nearest = self.values[..after].last()?.as_bytes();
            let same = nearest.iter().zip(text).take_while(|(ours, theirs)| ours == theirs).count();
            if same == nearest.len() {
                return Some(same);
            }
            // Whatever the text begins with comes before the nearest one and is the start of both.
            text = &text[..same];
        }
    }
}

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

/// What secrets begin with, as bits: where a text begins otherwise, nothing needs to be compared.
#[derive(Clone, Default, PartialEq, Eq)]
struct Starts {
    /// Which of the next eight bytes count: for secrets of eight bytes or more all of them, for
    /// shorter ones four, two or one.
    masks: Vec<u64>,
    /// A word for each secret, so that few bits are set.
    words: Vec<u64>,
}

impl Starts {
    fn of(secrets: &[String]) -> Self {
        let words = vec![0; secrets.len().next_power_of_two()];
        let mut starts = Self { masks: Vec::new(), words };
        for secret in secrets {
            let counting = 1 << secret.len().ilog2().min(3);
            let mask = u64::MAX >> (64 - 8 * counting);
            if !starts.masks.contains(&mask) {
                starts.masks.push(mask);
            }
            let (word, bit) = starts.place(window(secret.as_bytes()) & mask);
            starts.words[word] |= bit;
        }
        starts
    }

    /// Whether the text may begin with a secret.
    fn may_begin(&self, text: &[u8]) -> bool {
        let window = window(text);
        self.masks.iter().any(|mask| {
            let (word, bit) = self.place(window & mask);
            self.words[word] & bit != 0
        })
    }

    /// The word and the bit of a start.
    const fn place(&self, start: u64) -> (usize, u64) {
        let mixed = start.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed >> 32) as usize & (self.words.len() - 1), 1 << (mixed >> 58))
    }
}

/// The next eight bytes, or fewer at the end.
fn window(text: &[u8]) -> u64 {
    let bytes = text.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; 8];
        bytes[..text.len()].copy_from_slice(text);
        bytes
    });
    u64::from_le_bytes(bytes)
}
