//! How often a task is tried again, and the waits between its attempts.

use std::time::Duration;

/// How often a failed task is tried again.
///
/// ```
/// use concurra_core::{Retries, Runner};
///
/// let mut runner = Runner::new();
/// runner.add("download", || ()).retries(3);
/// runner.add("pay", || ()).retries(Retries::Never);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retries {
    /// At most that many times. `--retries` on the command line replaces the number.
    UpTo(u32),
    /// Never, also where `--retries` asks for it: for a task that must not happen twice, such as a
    /// payment.
    Never,
}

impl From<u32> for Retries {
    fn from(most: u32) -> Self {
        Self::UpTo(most)
    }
}

/// How long a task waits before its next attempt.
///
/// A random part of up to a quarter shortens each exponential wait, so that tasks that failed together
/// do not start again together.
///
/// ```
/// use std::time::Duration;
/// use concurra_core::Backoff;
///
/// let fixed = Backoff::fixed(Duration::from_millis(100));
/// let growing = Backoff::exponential(Duration::from_millis(100), Duration::from_secs(5));
/// assert_eq!(growing.longest(3), Duration::from_millis(400));
/// assert_eq!(fixed.longest(3), Duration::from_millis(100));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    most: Duration,
    jitter: bool,
}

impl Backoff {
    /// The same wait each time, without a random part.
    #[must_use]
    pub const fn fixed(wait: Duration) -> Self {
        Self { first: wait, most: wait, jitter: false }
    }

    /// Waits that double each time, up to a maximum.
    #[must_use]
    pub const fn exponential(first: Duration, most: Duration) -> Self {
        Self { first, most, jitter: true }
    }

    /// The wait after that many failed attempts, without its random part.
    #[must_use]
    pub fn longest(&self, failed: u32) -> Duration {
        let doublings = failed.saturating_sub(1).min(31);
        self.first.saturating_mul(1 << doublings).min(self.most)
    }

    /// The wait after that many failed attempts; `random` decides how much shorter it is.
    pub(crate) fn wait(&self, failed: u32, random: u64) -> Duration {
        let longest = self.longest(failed);
        if !self.jitter {
            return longest;
        }
        let part = u32::try_from(random % 1024).unwrap_or(0);
        longest - longest / (4 * 1024) * part
    }
}

impl From<Duration> for Backoff {
    fn from(wait: Duration) -> Self {
        Self::fixed(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_maximum() {
        let backoff = Backoff::exponential(Duration::from_millis(100), Duration::from_secs(1));
        let waits: Vec<_> = (1..=6).map(|failed| backoff.longest(failed).as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(backoff.longest(u32::MAX), Duration::from_secs(1));
    }

    #[test]
    fn at_most_a_quarter_is_taken_off() {
        let backoff = Backoff::exponential(Duration::from_secs(1), Duration::from_secs(60));
        for random in 0..5000 {
            let wait = backoff.wait(3, random);
            assert!(wait > Duration::from_secs(3) && wait <= Duration::from_secs(4), "{wait:?}");
        }
    }
}
