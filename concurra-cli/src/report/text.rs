//! Small pieces of what reporters print.

use std::time::Duration;

/// Seconds as summaries show them.
pub(super) fn short(duration: Duration) -> String {
    format!("{:.2}s", duration.as_secs_f64())
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// The ending of a noun.
pub(super) const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
