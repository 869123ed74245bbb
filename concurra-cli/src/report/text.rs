//! Small pieces of what reporters print.

use std::time::Duration;

/// Seconds as summaries show them.
pub(super) fn short(duration: Duration) -> String {
    format!("{:.2}s", duration.as_secs_f64())
}

/// The ending of a noun.
pub(super) const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
