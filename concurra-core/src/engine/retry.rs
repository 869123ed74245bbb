//! Whether, when and how a failed attempt is followed by another.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::run::Run;
use super::table::AttemptRecord;
use super::{Note, nanos};
use crate::event::Event;
use crate::failure::{self, Ending, Failure};
use crate::graph::TaskId;
use crate::settings::Settings;
use crate::value::Completion;

/// When the next attempt is.
pub(super) enum Again {
    Now,
    Later,
    Never,
}

impl Run {
    /// Decides whether another attempt follows, and records this one if so.
    pub(super) fn try_again(self: &Arc<Self>, task: TaskId, record: &AttemptRecord) -> Again {
        if !self.may_retry(task, record) {
            return Again::Never;
        }
        if self.table.body(task).attributes().backoff.is_none() {
            let follows = self.record_retry(task, record, Duration::ZERO, false);
            return if follows { Again::Now } else { Again::Never };
        }
        match self.postpone(task, record) {
            Some(at) => {
                // The next attempt enters the serial group again, so this one has to leave first.
                self.leave_serial(task);
                drop(self.notes.send(Note::Later { task, at }));
                Again::Later
            }
            None => Again::Never,
        }
    }

    /// Whether another attempt may follow.
    pub(super) fn may_retry(&self, task: TaskId, record: &AttemptRecord) -> bool {
        let may_follow = match &record.ending {
            Some(Ending::Failed(_)) => true,
            Some(Ending::TimedOut(_)) => Settings::is_set(self.settings.retry_timeouts),
            Some(Ending::Final(_) | Ending::Skipped(_) | Ending::Cancelled) | None => false,
        };
        let most = self.table.body(task).attributes().most_attempts();
        may_follow && record.number < most.get() && !self.machine().is_stopping()
    }

    /// Returns when the next attempt starts; `None` when the run was stopped meanwhile.
    pub(super) fn postpone(&self, task: TaskId, record: &AttemptRecord) -> Option<u64> {
        let at = record.ended;
        // The clock's last digits are as random as a wait needs.
        let random = at ^ (u64::from(task.0) << 3);
        let backoff = self.table.body(task).attributes().backoff;
        let wait = backoff.map_or(Duration::ZERO, |backoff| backoff.wait(record.number, random));
        self.record_retry(task, record, wait, true).then(|| at.saturating_add(nanos(wait)))
    }

    /// Records that another attempt follows; `false` when the conductor ended the task meanwhile.
    fn record_retry(
        &self,
        task: TaskId,
        record: &AttemptRecord,
        wait: Duration,
        gives_back: bool,
    ) -> bool {
        let Some(failure) = self.table.retry(task, record.clone(), gives_back) else {
            return false;
        };
        let attempt = NonZeroU32::new(record.number).unwrap_or(NonZeroU32::MIN);
        let of = self.table.body(task).attributes().most_attempts();
        let times = self.table.times(task, record.ended);
        let running = times.map_or(Duration::ZERO, |(started, ended)| ended - started);
        self.events.send(|| Event::Retrying { task, attempt, of, failure, running, wait });
        true
    }

    /// Turns a pass that needed a retry into a failure, where flaky tasks count as failed.
    pub(super) fn judge_flaky(
        &self,
        task: TaskId,
        completion: Completion,
        attempt: u32,
    ) -> Completion {
        if completion.is_ok() && attempt > 1 && Settings::is_set(self.settings.flaky_fails) {
            failure::discard(completion);
            let of = self.table.body(task).attributes().most_attempts();
            let why = format!(
                "passed only at attempt {attempt} of {of}, and flaky tasks count as failed"
            );
            return Err(Ending::Final(Failure::message(why).into()));
        }
        completion
    }
}
