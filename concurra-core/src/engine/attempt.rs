//! The attempts of one task, on its worker's thread.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::mode::{self, Attempt};
use super::run::Run;
use super::seat::{Asked, Seat, Why};
use super::{Note, nanos};
use crate::context::Context;
use crate::event::Event;
use crate::failure::{self, Ending, Failure};
use crate::graph::TaskId;
use crate::outcome::Outcome;
use crate::task::{Body, Special};
use crate::value::Completion;

/// What a worker's loop has to do after it ran a task.
pub(crate) enum After {
    /// The task ended; what waits for it may be told.
    Ended(Outcome),
    /// The task is tried again later.
    Postponed,
    /// The task had been ended by somebody else when its body came back.
    GivenUp,
}

/// When the next attempt is.
enum Again {
    Now,
    Later,
    Never,
}

impl Run {
    /// Runs a task's body and publishes how it ended; also tells when that was.
    pub(crate) fn execute(
        self: &Arc<Self>,
        task: TaskId,
        seat: &Arc<Seat>,
        started: u64,
    ) -> (u64, After) {
        if let Body::Special(special) = self.table.body(task) {
            return self.execute_special(task, seat, special, started);
        }
        self.begin(task, seat.slot(), started);
        let body = self.table.body(task);
        let context = Context::new(&self.state);
        let completion = self.around(task, seat.slot(), || body.call(&context));
        let ended = self.now();
        // A late body changes nothing of what was told of its task when it was given up.
        if !self.machine().is_running(task) {
            self.table.note_back(task);
            discard(completion);
            return (ended, After::GivenUp);
        }
        (ended, self.conclude(task, completion, ended))
    }

    fn begin(&self, task: TaskId, worker: usize, at: u64) {
        self.table.note_start(task, worker, at);
        self.tell(|| Event::Started { task, worker, at: Duration::from_nanos(at) });
    }

    /// Runs a body that may be tried again, has a limit, or runs outside of this process.
    fn execute_special(
        self: &Arc<Self>,
        task: TaskId,
        seat: &Arc<Seat>,
        special: &Special,
        mut now: u64,
    ) -> (u64, After) {
        let mode = mode::of(special);
        let mut failed = self.table.failed_attempts(task);
        if failed == 0 {
            self.begin(task, seat.slot(), now);
        }
        loop {
            let limit = special.attributes.attempts.timeout;
            let deadline = limit.map(|limit| now.saturating_add(nanos(limit)));
            seat.arm(deadline, mode.is_outside());
            self.set_alarm(deadline);
            let number = NonZeroU32::MIN.saturating_add(failed);
            let last = number >= special.attributes.attempts.most();
            if failed > 0 {
                self.table.note_begun(task, number.get());
            }
            let attempt = Attempt { run: self, seat, task, special, last };
            let completion = self.around(task, seat.slot(), || mode.attempt(&attempt));
            now = self.now();
            let asked = seat.disarm();
            if seat.is_abandoned() || !self.machine().is_running(task) {
                self.table.note_back(task);
                discard(completion);
                return (now, After::GivenUp);
            }
            let completion = as_asked(completion, asked, limit);
            let completion = match completion {
                Err(ending) if !last && self.retries(&ending) => {
                    match self.try_again(task, special, number, &ending, now) {
                        Again::Now => {
                            failed += 1;
                            continue;
                        }
                        Again::Later => return (now, After::Postponed),
                        Again::Never => Err(ending),
                    }
                }
                completion => self.judge_flaky(completion, number, special),
            };
            if let (true, Ok(Some(value))) = (special.attributes.secret, &completion) {
                self.table.hide_result(value);
            }
            return (now, self.conclude(task, completion, now));
        }
    }

    /// Whether an attempt that ended so is followed by another.
    fn retries(&self, ending: &Ending) -> bool {
        let retried = match ending {
            Ending::Failed(_) => true,
            Ending::TimedOut(_) => self.retry_timeouts,
            Ending::Final(_) | Ending::Skipped(_) | Ending::Cancelled => false,
        };
        retried && !self.machine().is_stopping()
    }

    /// Keeps what an attempt said and sees to the next one, unless the run was stopped meanwhile.
    fn try_again(
        &self,
        task: TaskId,
        special: &Special,
        attempt: NonZeroU32,
        ending: &Ending,
        now: u64,
    ) -> Again {
        if special.attributes.attempts.backoff.is_none() {
            self.note_attempt(task, special, attempt, ending, Duration::ZERO);
            return Again::Now;
        }
        match self.postpone(task, special, attempt, ending, now) {
            Some(at) => {
                drop(self.notes.send(Note::Later { task, at }));
                Again::Later
            }
            None => Again::Never,
        }
    }

    /// Gives a task back to be tried again; tells when, unless the run was stopped meanwhile.
    pub(super) fn postpone(
        &self,
        task: TaskId,
        special: &Special,
        attempt: NonZeroU32,
        ending: &Ending,
        now: u64,
    ) -> Option<u64> {
        // The clock's last digits are as random as a wait needs.
        let random = now ^ (u64::from(task.0) << 3);
        let backoff = special.attributes.attempts.backoff;
        let wait = backoff.map_or(Duration::ZERO, |backoff| backoff.wait(attempt.get(), random));
        if !self.machine().again(task) {
            return None;
        }
        self.note_attempt(task, special, attempt, ending, wait);
        Some(now.saturating_add(nanos(wait)))
    }

    fn note_attempt(
        &self,
        task: TaskId,
        special: &Special,
        attempt: NonZeroU32,
        ending: &Ending,
        wait: Duration,
    ) {
        let failure = ending.failure().unwrap_or_default();
        let failure = self.table.note_attempt(task, failure);
        let of = special.attributes.attempts.most();
        let running = self.table.times(task, self.now()).map(|(started, now)| now - started);
        let running = running.unwrap_or_default();
        self.tell(|| Event::Retrying { task, attempt, of, failure, running, wait });
    }

    /// With flaky tasks counting as failed, a pass that needed a retry is none.
    fn judge_flaky(
        &self,
        completion: Completion,
        number: NonZeroU32,
        special: &Special,
    ) -> Completion {
        if completion.is_ok() && number.get() > 1 && self.flaky_fails {
            let of = special.attributes.attempts.most();
            return Err(Ending::Failed(Failure::message(format!(
                "passed only at attempt {number} of {of}, and flaky tasks count as failed"
            ))));
        }
        completion
    }

    /// Publishes how a task ended.
    pub(crate) fn conclude(&self, task: TaskId, completion: Completion, ended: u64) -> After {
        self.table.note_end(task, ended);
        let outcome = match completion {
            Ok(value) => {
                value.into_iter().for_each(|value| self.table.keep(task, value));
                Outcome::Passed
            }
            Err(ending) => {
                let outcome = ending.outcome();
                // Whoever sees the outcome may ask for its reason at once.
                self.table.note_ending(task, ending);
                outcome
            }
        };
        if !self.machine().finish(task, outcome) {
            self.table.note_back(task);
            return After::GivenUp;
        }
        self.table.pass(task);
        self.count_failure(outcome);
        self.tell_finished(task, outcome);
        After::Ended(outcome)
    }

    /// Calls a body with what the user of the run put around it.
    fn around(
        &self,
        task: TaskId,
        worker: usize,
        mut body: impl FnMut() -> Completion,
    ) -> Completion {
        let Some(around) = &self.around else { return failure::guard(body) };
        let mut completion = None;
        around.run(worker, self.table.plan.task(task), &mut || {
            completion = Some(failure::guard(&mut body));
        });
        completion.expect("`Around` calls the body")
    }
}

/// Drops what a late body brought: its `Drop` is user code, and nobody hears a panic.
fn discard(completion: Completion) {
    drop(failure::guard(|| {
        drop(completion);
        Ok(())
    }));
}

/// What an attempt came to whose processes were asked to end.
fn as_asked(completion: Completion, asked: Option<Asked>, limit: Option<Duration>) -> Completion {
    match asked.map(|asked| asked.why) {
        Some(Why::TimedOut) => Err(Ending::TimedOut(limit.unwrap_or_default())),
        Some(Why::Stopped) => completion.map_err(|_| Ending::Cancelled),
        None => completion,
    }
}
