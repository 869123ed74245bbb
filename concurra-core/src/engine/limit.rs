//! The time limit of a run.

use super::conductor::Conductor;
use super::phase::Phase;
use super::{Stop, nanos};
use crate::event::StopReason;
use crate::machine::Reach;

impl Conductor {
    /// Stops the run when its limit has passed. When the grace after it has passed as well, cancels
    /// `always` tasks too.
    pub(super) fn stop_at_limit(&mut self, mut phase: Option<&mut Phase>, now: u64) {
        if self.limit().is_none_or(|limit| now < limit) {
            return;
        }
        self.stop(phase.as_deref_mut(), Stop { reason: StopReason::Timeout, cancels: true });
        if self.last_moment().is_some_and(|last| last <= now) && self.reach < Some(Reach::All) {
            self.reach = Some(Reach::All);
            self.table.machine.halt();
            self.sweep(phase, Reach::All);
        }
    }

    /// When the limit or the grace after it passes next.
    pub(super) fn next_limit(&self, now: u64) -> Option<u64> {
        let times = [self.limit(), self.last_moment()];
        times.into_iter().flatten().find(|at| now < *at)
    }

    /// Until when `always` tasks and teardowns may take, if the run has a limit.
    pub(super) fn last_moment(&self) -> Option<u64> {
        let begins = self.limit()?.max(self.cleaning_since.unwrap_or_default());
        Some(begins.saturating_add(nanos(self.settings.grace())))
    }

    fn limit(&self) -> Option<u64> {
        self.settings.run_timeout().map(nanos)
    }
}
