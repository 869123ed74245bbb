//! Whether, when and how a failed attempt is followed by another.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::run::Run;
use super::{Note, nanos};
use crate::event::Event;
use crate::failure::{Ending, Failure};
use crate::graph::TaskId;
use crate::task::Special;
use crate::value::Completion;

/// An attempt that did not pass.
pub(super) struct Failed<'a> {
    pub(super) task: TaskId,
    pub(super) special: &'a Special,
    /// Its number, from 1.
    pub(super) attempt: NonZeroU32,
    pub(super) ending: &'a Ending,
    /// When it ended.
    pub(super) at: u64,
}

/// When the next attempt is.
pub(super) enum Again {
    Now,
    Later,
    Never,
}

impl Run {
    /// Keeps what an attempt said and sees to the next one, if there is to be one.
    pub(super) fn try_again(self: &Arc<Self>, failed: &Failed<'_>) -> Again {
        let attempts = &failed.special.attributes.attempts;
        if failed.attempt >= attempts.most() || !self.retries(failed.ending) {
            return Again::Never;
        }
        if attempts.backoff.is_none() {
            self.note_attempt(failed, Duration::ZERO);
            return Again::Now;
        }
        match self.postpone(failed) {
            Some(at) => {
                // The next attempt enters its group anew, and may do so as soon as it is known.
                self.leave_serial(failed.task);
                drop(self.notes.send(Note::Later { task: failed.task, at }));
                Again::Later
            }
            None => Again::Never,
        }
    }

    /// Whether an attempt that ended so may be followed by another.
    fn retries(&self, ending: &Ending) -> bool {
        let retried = match ending {
            Ending::Failed(_) => true,
            Ending::TimedOut(_) => self.retry_timeouts,
            Ending::Final(_) | Ending::Skipped(_) | Ending::Cancelled => false,
        };
        retried && !self.machine().is_stopping()
    }

    /// Gives a task back to be tried again; tells when, unless the run was stopped meanwhile.
    pub(super) fn postpone(&self, failed: &Failed<'_>) -> Option<u64> {
        let Failed { task, attempt, at, .. } = *failed;
        // The clock's last digits are as random as a wait needs.
        let random = at ^ (u64::from(task.0) << 3);
        let backoff = failed.special.attributes.attempts.backoff;
        let wait = backoff.map_or(Duration::ZERO, |backoff| backoff.wait(attempt.get(), random));
        if !self.machine().again(task) {
            return None;
        }
        self.note_attempt(failed, wait);
        Some(at.saturating_add(nanos(wait)))
    }

    fn note_attempt(&self, failed: &Failed<'_>, wait: Duration) {
        let Failed { task, special, attempt, ending, at } = *failed;
        let failure = self.table.note_attempt(task, ending);
        let of = special.attributes.attempts.most();
        let times = self.table.times(task, at);
        let running = times.map_or(Duration::ZERO, |(started, ended)| ended - started);
        self.tell(|| Event::Retrying { task, attempt, of, failure, running, wait });
    }

    /// With flaky tasks counting as failed, a pass that needed a retry is none.
    pub(super) fn judge_flaky(
        &self,
        completion: Completion,
        attempt: NonZeroU32,
        special: &Special,
    ) -> Completion {
        if completion.is_ok() && attempt.get() > 1 && self.flaky_fails {
            let of = special.attributes.attempts.most();
            return Err(Ending::Final(Failure::message(format!(
                "passed only at attempt {attempt} of {of}, and flaky tasks count as failed"
            ))));
        }
        completion
    }
}
