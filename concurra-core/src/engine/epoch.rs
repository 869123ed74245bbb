//! The start of a run, from which the engine counts its times.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, Timespec, clock_gettime};

/// The start of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Epoch {
    instant: Instant,
    /// The same moment as the system has it: its difference to now takes half as long to compute.
    time: Timespec,
}

impl Epoch {
    pub(crate) fn now() -> Self {
        Self { instant: Instant::now(), time: clock_gettime(ClockId::Monotonic) }
    }

    /// Nanoseconds since the start.
    #[inline]
    pub(crate) fn nanos(&self) -> u64 {
        let now = clock_gettime(ClockId::Monotonic);
        let seconds = now.tv_sec.wrapping_sub(self.time.tv_sec);
        let nanos = now.tv_nsec.wrapping_sub(self.time.tv_nsec);
        // The clock is monotonic, so the sum is not negative; it lasts for 292 years.
        seconds.wrapping_mul(1_000_000_000).wrapping_add(nanos).cast_unsigned()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.nanos())
    }

    /// The moment so many nanoseconds after the start.
    pub(crate) fn after(&self, nanos: u64) -> Option<Instant> {
        self.instant.checked_add(Duration::from_nanos(nanos))
    }
}
