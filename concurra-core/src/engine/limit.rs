//! The time limit of a run.

use super::conductor::Conductor;
use super::phase::Phase;
use super::{Stop, nanos};
use crate::event::StopReason;
use crate::machine::Reach;

impl Conductor {
    /// Stops the run when its limit has passed. When the grace for the clean-up has passed as well, cancels
    /// `always` tasks too.
    pub(super) fn stop_at_limit(&mut self, mut phase: Option<&mut Phase>, now: u64) {
        if self.limit().is_none_or(|limit| now < limit) {
            return;
        }
        self.stop(phase.as_deref_mut(), Stop { reason: StopReason::Timeout, cancels: true });
        if phase.as_ref().is_some_and(|phase| phase.only_cleans_up()) {
            self.grace.begin(now);
        }
        if self.is_too_late(now) && self.reach < Some(Reach::All) {
            self.reach = Some(Reach::All);
            self.table.machine.halt();
            self.sweep(phase, Reach::All);
        }
    }

    /// When the limit or the grace after it passes next.
    pub(super) fn next_limit(&self, now: u64) -> Option<u64> {
        let times = [self.limit(), self.grace_end()];
        times.into_iter().flatten().find(|at| now < *at)
    }

    /// Whether nothing is left of the grace for the clean-up.
    pub(super) fn is_too_late(&self, now: u64) -> bool {
        self.grace_end().is_some_and(|end| end <= now)
    }

    pub(super) fn limit(&self) -> Option<u64> {
        self.settings.run_timeout().map(nanos)
    }

    fn grace_end(&self) -> Option<u64> {
        self.grace.end(self.limit()?, nanos(self.settings.grace()))
    }
}

impl Phase {
    /// Whether `always` tasks run, and the processes of all cancelled tasks have ended.
    fn only_cleans_up(&self) -> bool {
        let mut ending = false;
        self.run.running.each(|_, attempt| ending |= attempt.asked.is_some());
        let table = &self.run.table;
        let cleans = |task| table.plan.task(task).runs_always() && table.machine.is_running(task);
        !ending && self.workers.iter().filter_map(|worker| worker.task()).any(cleans)
    }
}
