//! Values that nobody may read in a line, a message or a report.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt;

/// What a secret is shown as.
const MASK: &str = "***";

/// A shorter line of a secret, such as a lone brace, says nothing and stands in many texts.
const TELLING: usize = 8;

/// Values that are shown as `***`.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// Adds a value. White space around it is no part of the secret, as a value read from a file
    /// often ends in a line break that does not appear where the value is used.
    pub(crate) fn push(&mut self, value: &str) {
        self.extend([value]);
    }

    /// Adds several values at once. Of one with several lines each is a secret: a log may have
    /// them one by one.
    pub(crate) fn extend<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) {
        for value in values.into_iter().map(str::trim).filter(|value| !value.is_empty()) {
            self.0.push(value.to_owned());
            if value.contains('\n') {
                let lines = value.lines().map(str::trim).filter(|line| line.len() >= TELLING);
                self.0.extend(lines.map(ToOwned::to_owned));
            }
        }
        // A secret that contains another one must not leave its other half behind.
        self.0.sort_by_key(|secret| Reverse(secret.len()));
    }

    /// Adds the values of others.
    pub(crate) fn add(&mut self, others: &Self) {
        for secret in &others.0 {
            if !self.0.contains(secret) {
                self.push(secret);
            }
        }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with `***` in place of every secret.
    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut masked = Cow::Borrowed(text);
        for secret in &self.0 {
            if masked.contains(secret.as_str()) {
                masked = Cow::Owned(masked.replace(secret.as_str(), MASK));
            }
        }
        masked
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}
