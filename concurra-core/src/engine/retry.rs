//! Whether, when and how a failed attempt is followed by another.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::run::Run;
use super::table::AttemptRecord;
use super::{Note, nanos};
use crate::event::Event;
use crate::failure::{Ending, Failure};
use crate::graph::TaskId;
use crate::settings::Settings;
use crate::task::Special;
use crate::value::Completion;

/// An attempt that did not pass.
pub(super) struct Failed<'a> {
    pub(super) task: TaskId,
    pub(super) special: &'a Special,
    pub(super) record: &'a AttemptRecord,
}

/// When the next attempt is.
pub(super) enum Again {
    Now,
    Later,
    Never,
}

impl Run {
    /// Decides whether another attempt follows, and records this one if so.
    pub(super) fn try_again(self: &Arc<Self>, failed: &Failed<'_>) -> Again {
        if !self.may_retry(failed) {
            return Again::Never;
        }
        if failed.special.attributes.attempts.backoff.is_none() {
            let follows = self.record_retry(failed, Duration::ZERO, false);
            return if follows { Again::Now } else { Again::Never };
        }
        match self.postpone(failed) {
            Some(at) => {
                // The next attempt enters the serial group again, so this one has to leave first.
                self.leave_serial(failed.task);
                drop(self.notes.send(Note::Later { task: failed.task, at }));
                Again::Later
            }
            None => Again::Never,
        }
    }

    /// Whether another attempt may follow.
    pub(super) fn may_retry(&self, failed: &Failed<'_>) -> bool {
        let may_follow = match &failed.record.ending {
            Some(Ending::Failed(_)) => true,
            Some(Ending::TimedOut(_)) => Settings::is_set(self.settings.retry_timeouts),
            Some(Ending::Final(_) | Ending::Skipped(_) | Ending::Cancelled) | None => false,
        };
        let most = failed.special.attributes.attempts.most();
        may_follow && failed.record.number < most.get() && !self.machine().is_stopping()
    }

    /// Returns when the next attempt starts; `None` when the run was stopped meanwhile.
    pub(super) fn postpone(&self, failed: &Failed<'_>) -> Option<u64> {
        let (task, at) = (failed.task, failed.record.ended);
        // The clock's last digits are as random as a wait needs.
        let random = at ^ (u64::from(task.0) << 3);
        let backoff = failed.special.attributes.attempts.backoff;
        let wait =
            backoff.map_or(Duration::ZERO, |backoff| backoff.wait(failed.record.number, random));
        self.record_retry(failed, wait, true).then(|| at.saturating_add(nanos(wait)))
    }

    /// Records that another attempt follows; `false` when the conductor ended the task meanwhile.
    fn record_retry(&self, failed: &Failed<'_>, wait: Duration, gives_back: bool) -> bool {
        let Failed { task, special, record } = *failed;
        let Some(failure) = self.table.retry(task, record.clone(), gives_back) else {
            return false;
        };
        let attempt = NonZeroU32::new(record.number).unwrap_or(NonZeroU32::MIN);
        let of = special.attributes.attempts.most();
        let times = self.table.times(task, record.ended);
        let running = times.map_or(Duration::ZERO, |(started, ended)| ended - started);
        self.send(|| Event::Retrying { task, attempt, of, failure, running, wait });
        true
    }

    /// Turns a pass that needed a retry into a failure, where flaky tasks count as failed.
    pub(super) fn judge_flaky(
        &self,
        completion: Completion,
        attempt: u32,
        special: &Special,
    ) -> Completion {
        if completion.is_ok() && attempt > 1 && Settings::is_set(self.settings.flaky_fails) {
            let of = special.attributes.attempts.most();
            return Err(Ending::Final(Failure::message(format!(
                "passed only at attempt {attempt} of {of}, and flaky tasks count as failed"
            ))));
        }
        completion
    }
}
