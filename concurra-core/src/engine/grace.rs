//! The grace after the limit of a run, which `always` tasks and teardowns share.

#[derive(Debug, Default)]
pub(super) struct Grace {
    /// Since when the run does nothing but clean up, in nanoseconds since its start.
    since: Option<u64>,
    /// What earlier parts of the clean-up took of the grace, in nanoseconds.
    used: u64,
}

impl Grace {
    /// The run does nothing but clean up from now on.
    pub(super) fn begin(&mut self, now: u64) {
        self.since.get_or_insert(now);
    }

    /// The run waits for something else. Only time after its limit counts.
    pub(super) fn pause(&mut self, now: u64, limit: Option<u64>) {
        if let (Some(since), Some(limit)) = (self.since.take(), limit) {
            self.used = self.used.saturating_add(now.saturating_sub(since.max(limit)));
        }
    }

    /// When the grace ends, while the run cleans up.
    pub(super) fn end(&self, limit: u64, grace: u64) -> Option<u64> {
        let left = grace.saturating_sub(self.used);
        Some(self.since?.max(limit).saturating_add(left))
    }
}
