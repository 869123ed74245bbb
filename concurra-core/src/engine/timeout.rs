//! What the conductor does when something is due: bodies that ran too long, tasks to be tried
//! again, the end of the run's own time.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

use super::conductor::Conductor;
use super::nanos;
use super::phase::Phase;
use super::retry::Failed;
use super::seat::{Asked, GivenUp, Seat, Watch, Why};
use super::table::AttemptRecord;
use crate::event::StopReason;
use crate::failure::Ending;
use crate::graph::TaskId;
use crate::task::{Body, What};

/// How long killed processes may take to be gone before their task is given up.
pub(super) const GONE_WITHIN: u64 = 1_000_000_000;

impl Conductor<'_> {
    /// Does what is due and finds out what is due next.
    pub(super) fn on_time(&mut self, phase: &mut Phase) {
        // Whoever begins an attempt from now on tells its deadline, also while this one looks.
        phase.run.alarm.store(u64::MAX, Ordering::SeqCst);
        let now = phase.run.now();
        let again = phase.clock.turn(now);
        again.iter().for_each(|task| phase.run.ready.arrive(*task));
        phase.run.wake(again.len());
        for slot in 0..phase.seats.len() {
            let seat = Arc::clone(&phase.seats[slot]);
            self.look_at_seat(phase, &seat, now);
        }
        if let Some(limit) = self.settings.run_timeout.map(nanos) {
            if now < limit {
                phase.clock.look_at(limit);
            } else {
                self.stop(Some(phase), StopReason::Timeout);
            }
        }
        if let Some(period) = self.settings.slow.filter(|_| phase.run.events.are_observed()) {
            phase.tell_slow(period, now);
        }
        let helped = phase.help_out(now);
        self.check_spare(phase, helped);
        if let Some(due) = phase.clock.due() {
            phase.run.alarm.fetch_min(due, Ordering::SeqCst);
        }
    }

    /// Ends the attempt at a seat whose time is over.
    fn look_at_seat(&mut self, phase: &mut Phase, seat: &Arc<Seat>, now: u64) {
        let mut watch = seat.watch();
        let Some(deadline) = watch.deadline else { return };
        if now < deadline {
            phase.clock.look_at(deadline);
            return;
        }
        let next = match (&watch.group, watch.asked) {
            (Some(group), None) => {
                group.ask();
                watch.asked = Some(Asked { why: Why::TimedOut, killed: false });
                nanos(self.settings.grace)
            }
            (Some(group), Some(asked)) if !asked.killed => {
                group.kill();
                watch.asked = Some(Asked { killed: true, ..asked });
                GONE_WITHIN
            }
            _ => return self.give_up_body(phase, seat, watch, now),
        };
        let next = now.saturating_add(next);
        watch.deadline = Some(next);
        phase.clock.look_at(next);
    }

    /// Ends a task whose body goes on, and lets another loop take over its worker's slot.
    ///
    /// Under the seat's lock and before its attempt ended, so nobody else ends the task.
    fn give_up_body(
        &mut self,
        phase: &mut Phase,
        seat: &Arc<Seat>,
        mut watch: MutexGuard<'_, Watch>,
        now: u64,
    ) {
        let Some(task) = seat.task() else { return };
        let why = watch.asked.map_or(Why::TimedOut, |asked| asked.why);
        if !watch.abandon() {
            return;
        }
        let uncounted = seat.take_uncounted();
        let begun = watch.begun;
        drop(watch);
        let number = phase.run.table.attempt_number(task);
        let record = AttemptRecord::new(number, seat.slot(), begun, now.max(begun));
        let record = AttemptRecord { mode: phase.run.table.body(task).mode(), ..record };
        let run = Arc::clone(&phase.run);
        let ended = if why == Why::TimedOut && self.tries_again(phase, task, &record) {
            0
        } else {
            self.end_late(phase, task, why, record)
        };
        run.leave_serial(task);
        phase.given_up.push(GivenUp { task, seat: Arc::clone(seat) });
        let replaced = phase.replace(seat.slot());
        // Only now, as the run may be over with this.
        run.count_ended(ended + uncounted);
        self.check_spare(phase, replaced);
    }

    /// Publishes the end of a task whose body goes on; tells how many tasks ended with it.
    fn end_late(&mut self, phase: &Phase, task: TaskId, why: Why, record: AttemptRecord) -> usize {
        let run = &phase.run;
        let ending = match (why, run.table.body(task)) {
            (Why::TimedOut, Body::Special(special)) => {
                Ending::TimedOut(special.attributes.attempts.timeout.unwrap_or_default())
            }
            _ => Ending::Cancelled,
        };
        let outcome = ending.outcome();
        let record = AttemptRecord { ending: Some(ending), ..record };
        if !run.table.abandon(task, outcome, record) {
            return 0;
        }
        run.table.pass_over(task);
        run.count_failure(task, outcome);
        run.send_finished(task, outcome);
        let mut ready = 0;
        let skipped = run.release(task, outcome, |task| {
            run.ready.arrive(task);
            ready += 1;
        });
        run.wake(ready);
        1 + skipped
    }

    /// Whether a task that timed out is tried again; its body may have to be free for that.
    fn tries_again(&mut self, phase: &mut Phase, task: TaskId, record: &AttemptRecord) -> bool {
        let run = &phase.run;
        let Body::Special(special) = run.table.body(task) else { return false };
        let free = match &special.what {
            What::Closure(closure) => closure.is_free(),
            What::Function(_) | What::Command(_) => true,
        };
        if !self.settings.retry_timeouts || !free {
            return false;
        }
        if record.number >= special.attributes.attempts.most().get() {
            return false;
        }
        let ending = Ending::TimedOut(special.attributes.attempts.timeout.unwrap_or_default());
        let record = AttemptRecord { ending: Some(ending), ..record.clone() };
        let at = run.postpone(&Failed { task, special, record: &record });
        at.into_iter().for_each(|at| phase.clock.keep(task, at));
        at.is_some()
    }

    /// Without any loop nothing would run any more, and the run would never end.
    fn check_spare(&mut self, phase: &mut Phase, spare: io::Result<()>) {
        let Err(error) = spare else { return };
        let why = format!("no thread could be started to take over from a stuck one: {error}");
        if phase.has_loops() {
            self.warnings.push(why.into());
        } else {
            self.give_up(Some(phase), &why);
        }
    }
}
