//! The attempts of one task, on its worker's thread.

use std::sync::Arc;
use std::time::Duration;

use super::mode::Attempt;
use super::retry::Again;
use super::run::Run;
use super::running::{Asked, Cancel, RunningAttempt, Why};
use super::table::AttemptRecord;
use super::worker::Worker;
use super::{Note, nanos};
use crate::context::Context;
use crate::event::Event;
use crate::failure::{self, Ending};
use crate::graph::TaskId;
use crate::outcome::{ExecutionMode, Outcome};
use crate::process::CommandOutput;
use crate::task::Plain;
use crate::value::{Completion, Value};

/// What became of a task that a worker ran.
pub(crate) enum After {
    /// The task ended.
    Ended(Outcome),
    /// Its next attempt starts later.
    Postponed,
    /// The conductor had ended the task before its body returned.
    Abandoned,
}

impl Run {
    /// Runs the body of a task and publishes its outcome. Also returns when the body ended.
    #[inline]
    pub(crate) fn execute(
        self: &Arc<Self>,
        task: TaskId,
        plain: Option<&mut Plain>,
        worker: &Arc<Worker>,
        started: u64,
    ) -> (u64, After) {
        let Some(plain) = plain.filter(|plain| plain.is_some()) else {
            return self.execute_attempts(task, worker);
        };
        let mut completion = Ok(None);
        if self.is_observed {
            if !self.call_observed(task, plain, worker, started, &mut completion) {
                return (started, After::Abandoned);
            }
        } else {
            self.table.note_start(task, worker.index, started);
            plain.call(&Context::new(&self.state), &mut completion);
        }
        let ended = self.now();
        failure::leave_if_copy_after(ended.saturating_sub(started), self.process, &completion);
        // A late body changes nothing: the task ended when the conductor abandoned it.
        if !self.machine().is_running(task) {
            failure::discard(completion);
            return (ended, After::Abandoned);
        }
        let after = match completion {
            Ok(value) => self.conclude_passed(task, value, ended),
            Err(_) => {
                let record = AttemptRecord::new(1, worker.index, started, ended);
                self.conclude(task, completion, record)
            }
        };
        (ended, after)
    }

    /// Calls a plain body for observers, inside the `Around` of the run. `false` when a stop has ended the
    /// task before.
    #[inline(never)]
    fn call_observed(
        &self,
        task: TaskId,
        plain: &mut Plain,
        worker: &Arc<Worker>,
        started: u64,
        completion: &mut Completion,
    ) -> bool {
        if !self.begin(task, worker.index, started) {
            return false;
        }
        if self.reports_slow {
            self.running.begin(task, RunningAttempt::plain(worker, started));
        }
        *completion = self.around(task, worker, || {
            let mut completion = Ok(None);
            plain.call(&Context::new(&self.state), &mut completion);
            // Code around a body must not go on in a copy of the process either.
            let took = self.now().saturating_sub(started);
            failure::leave_if_copy_after(took, self.process, &completion);
            completion
        });
        if self.reports_slow {
            self.running.end(task, worker);
        }
        true
    }

    /// Records and sends the start of a task. `false` when a stop has ended the task before.
    fn begin(&self, task: TaskId, worker: usize, at: u64) -> bool {
        if !self.events.are_observed() {
            self.table.note_start(task, worker, at);
            return true;
        }
        self.table.start_unless_ended(task, worker, at, || {
            self.events.send(|| Event::Started { task, worker, at: Duration::from_nanos(at) });
        })
    }

    /// Runs a body that may be tried again, has a limit, or runs outside of this process.
    fn execute_attempts(self: &Arc<Self>, task: TaskId, worker: &Arc<Worker>) -> (u64, After) {
        let (mut number, mut begun) = (self.table.attempt_number(task), self.now());
        if number == 1 && !self.begin(task, worker.index, begun) {
            return (begun, After::Abandoned);
        }
        loop {
            let attempt = Attempt::new(self, worker, task, number);
            let (ended, completion) = self.make(&attempt, begun);
            let Some(completion) = completion else { return (ended, After::Abandoned) };
            let record = attempt.record.into_inner();
            let mut record = AttemptRecord { started: begun, ended, ..record };
            if let Err(ending) = &completion {
                record.ending = Some(ending.clone());
                match self.try_again(task, &record) {
                    Again::Now => {
                        (number, begun) = (number.saturating_add(1), self.now());
                        continue;
                    }
                    Again::Later => return (ended, After::Postponed),
                    Again::Never => {}
                }
            }
            self.hide_result(task, &completion);
            let completion = self.judge_flaky(task, completion, number);
            let is_simple = number == 1 && record.is_simple();
            let after = match completion {
                Ok(value) if is_simple => self.conclude_passed(task, value, ended),
                completion => self.conclude(task, completion, record),
            };
            return (ended, after);
        }
    }

    /// Makes one attempt under its limit; returns when it ended, and its completion unless the conductor
    /// has abandoned it.
    fn make(&self, attempt: &Attempt<'_>, begun: u64) -> (u64, Option<Completion>) {
        let Attempt { worker, task, body, .. } = *attempt;
        let limit = body.attributes().timeout;
        let deadline = limit.map(|limit| begun.saturating_add(nanos(limit)));
        let cancel =
            if body.mode() == ExecutionMode::Thread { Cancel::Thread } else { Cancel::Starting };
        let running = RunningAttempt { deadline, cancel, ..RunningAttempt::plain(worker, begun) };
        self.running.begin(task, running);
        self.set_alarm(deadline);
        // A stop may have come since the last attempt, or before the first.
        if !self.machine().is_running(task) {
            self.running.end(task, worker);
            return (begun, None);
        }
        let completion = self.around(task, worker, || attempt.run_body());
        let own = self.running.end(task, worker).filter(|_| self.machine().is_running(task));
        let ended = self.now();
        let Some(RunningAttempt { asked, deadline, .. }) = own else {
            self.hide_result(task, &completion);
            failure::discard(completion);
            return (ended, None);
        };
        if asked.is_some_and(|asked| asked.why == Why::Stopped) {
            // After the limit of the run, the grace of `always` tasks begins with the end of the last process.
            drop(self.notes.send(Note::Alarm(ended)));
        }
        // On a busy machine a body may return before the conductor sees that its time is over.
        let late = deadline.filter(|deadline| ended >= *deadline).map(|_| Why::TimedOut);
        let ending = match asked.map(|asked| asked.why).or(late) {
            Some(Why::TimedOut) => Ending::TimedOut(limit.unwrap_or_default()),
            Some(Why::Stopped) if !has_finished(asked, &completion) => Ending::Cancelled,
            _ => return (ended, Some(completion)),
        };
        self.leave_result(attempt, completion);
        (ended, Some(Err(ending)))
    }

    /// Keeps the output of a command that was ended early. Drops any other late result.
    fn leave_result(&self, attempt: &Attempt<'_>, completion: Completion) {
        match (attempt.body.spec(), completion) {
            (Some(_), Ok(Some(output))) => attempt.leave_result(output),
            (_, completion) => {
                self.hide_result(attempt.task, &completion);
                failure::discard(completion);
            }
        }
    }

    /// Makes a secret result known as secret. Also called for late results, as the body may have passed
    /// them on.
    fn hide_result(&self, task: TaskId, completion: &Completion) {
        if let Ok(Some(value)) = completion {
            self.table.hide_result(task, value);
        }
    }

    /// Publishes that a task passed at its first attempt, without a record.
    #[inline]
    fn conclude_passed(&self, task: TaskId, value: Option<Value>, ended: u64) -> After {
        self.table.note_end(task, ended);
        value.into_iter().for_each(|value| self.table.keep(task, value));
        let finished = self.machine().finish(task, Outcome::Passed);
        self.after(task, Outcome::Passed, finished)
    }

    /// Publishes the outcome of a task with the record of its last attempt.
    #[inline(never)]
    fn conclude(&self, task: TaskId, completion: Completion, mut record: AttemptRecord) -> After {
        self.table.note_end(task, record.ended);
        match completion {
            Ok(value) => value.into_iter().for_each(|value| self.table.keep(task, value)),
            Err(ending) => record.ending = Some(ending),
        }
        let outcome = record.outcome();
        let finished = self.table.finish(task, record, false);
        self.after(task, outcome, finished)
    }

    /// Ends a task, unless the conductor had ended it (`finished` is false).
    #[inline]
    fn after(&self, task: TaskId, outcome: Outcome, finished: bool) -> After {
        if !finished {
            return After::Abandoned;
        }
        self.table.release_results(task, outcome);
        self.send_finished(task, outcome);
        self.count_failure(task, outcome);
        After::Ended(outcome)
    }

    /// Calls a body inside the `Around` of the run, if it has one.
    fn around(
        &self,
        task: TaskId,
        worker: &Worker,
        mut body: impl FnMut() -> Completion,
    ) -> Completion {
        let Some(around) = &self.around else { return failure::guard(body) };
        failure::guard(|| {
            let mut completion = None;
            around.run(worker.index, self.table.plan.task(task), &mut || {
                let done = failure::guard(&mut body);
                completion = Some(self.unless_late(task, worker, done));
            });
            completion.expect("`Around` calls the body")
        })
    }

    /// Drops a late result. Its `Drop` is user code, so it belongs to the attempt.
    fn unless_late(&self, task: TaskId, worker: &Worker, completion: Completion) -> Completion {
        if !worker.is_abandoned() && self.machine().is_running(task) {
            return completion;
        }
        self.hide_result(task, &completion);
        failure::discard(completion);
        Err(Ending::Cancelled)
    }
}

/// Whether an attempt passed although a stop had asked its processes to end.
fn has_finished(asked: Option<Asked>, completion: &Completion) -> bool {
    let Ok(value) = completion else { return false };
    let output = value.as_ref().and_then(Value::downcast_ref::<CommandOutput>);
    !asked.is_some_and(|asked| asked.killed)
        && output.is_none_or(|output| output.returncode == Some(0))
}
