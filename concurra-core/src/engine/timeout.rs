//! What the conductor does when a time is due: it ends attempts that ran too long, retries tasks, and
//! stops the run at its limit.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::conductor::Conductor;
use super::nanos;
use super::phase::Phase;
use super::run::Run;
use super::running::{RunningAttempt, Why};
use super::table::AttemptRecord;
use super::worker::AbandonedBody;
use crate::failure::Ending;
use crate::graph::TaskId;

impl Conductor {
    /// Acts on everything that is due, and sets the next time.
    pub(super) fn on_time(&mut self, phase: &mut Phase) {
        // Workers whose attempts begin from now on set the alarm themselves.
        phase.run.alarm.store(u64::MAX, Ordering::SeqCst);
        phase.pool.start_helpers();
        let now = phase.run.now();
        let again = phase.clock.turn(now);
        again.iter().for_each(|task| phase.run.ready.arrive(*task));
        phase.run.sleep.wake(again.len());
        self.end_overdue(phase, now);
        self.stop_at_limit(Some(phase), now);
        self.next_limit(now).into_iter().for_each(|at| phase.clock.look_at(at));
        if let Some(period) = self.slow_period() {
            phase.report_slow(period, now);
        }
        if let Some(due) = phase.clock.due() {
            phase.run.alarm.fetch_min(due, Ordering::SeqCst);
        }
    }

    /// Ends the attempts whose deadline has passed.
    fn end_overdue(&mut self, phase: &mut Phase, now: u64) {
        let (grace, clock) = (nanos(self.settings.grace()), &mut phase.clock);
        let overdue = phase.run.running.abandon_if(|attempt| {
            let Some(deadline) = attempt.deadline else { return false };
            let next = if now < deadline { Some(deadline) } else { attempt.escalate(now, grace) };
            next.into_iter().for_each(|next| clock.look_at(next));
            next.is_none()
        });
        for (task, attempt) in overdue {
            self.abandon(phase, task, attempt, now);
        }
    }

    /// Abandons an attempt: decides its outcome while the body goes on, and lets a new loop take over
    /// its worker's index. The worker no longer finds the attempt, so it cannot decide as well.
    fn abandon(&mut self, phase: &mut Phase, task: TaskId, attempt: RunningAttempt, now: u64) {
        let RunningAttempt { worker, begun, asked, .. } = attempt;
        let (run, index, uncounted) =
            (Arc::clone(&phase.run), worker.index, worker.take_uncounted());
        let (body, number) = (run.table.body(task), run.table.attempt_number(task));
        let timed_out = !body.is_plain() && asked.is_none_or(|asked| asked.why == Why::TimedOut);
        let limit = body.attributes().timeout.unwrap_or_default();
        let ending = if timed_out { Ending::TimedOut(limit) } else { Ending::Cancelled };
        let (mode, ending) = (body.mode(), Some(ending));
        let record = AttemptRecord::new(number, index, begun, now.max(begun));
        let record = AttemptRecord { mode, ending, ..record };
        // Before a dependent can start.
        run.around.iter().for_each(|around| around.abandon(Some(index)));
        let retried = retries_late(phase, task, &record);
        let ended = if retried { 0 } else { end_late(&run, task, record) };
        run.leave_serial(task);
        phase.abandoned.push(AbandonedBody { task, worker });
        let replaced = phase.replace(index);
        // The run may be over after this count, so it comes last.
        run.count_ended(ended + uncounted);
        self.check_spare(phase, replaced);
    }

    /// Ends the run when no loop is left, as it would never end by itself.
    fn check_spare(&mut self, phase: &mut Phase, spare: io::Result<()>) {
        let Err(error) = spare else { return };
        let why = format!("no thread could be started to take over from a stuck one: {error}");
        if phase.run.loops.are_open() {
            self.warnings.push(why.into());
        } else {
            self.end_all(Some(phase), &why);
        }
    }
}

/// Publishes the outcome of a task whose body goes on. Returns how many tasks ended with it.
fn end_late(run: &Run, task: TaskId, record: AttemptRecord) -> usize {
    let outcome = record.outcome();
    if !run.table.finish(task, record, true) {
        return 0;
    }
    run.table.release_results_elsewhere(task);
    run.send_finished(task, outcome);
    run.count_failure(task, outcome);
    let mut ready = 0;
    let skipped = run.release(task, outcome, |task| {
        run.ready.arrive(task);
        ready += 1;
    });
    run.sleep.wake(ready);
    1 + skipped
}

/// Whether a task gets another attempt although its body goes on. A closure that still runs cannot.
fn retries_late(phase: &mut Phase, task: TaskId, record: &AttemptRecord) -> bool {
    let still_runs =
        phase.run.table.body(task).as_closure().is_some_and(|closure| !closure.is_free());
    if still_runs || !phase.run.may_retry(task, record) {
        return false;
    }
    let at = phase.run.postpone(task, record);
    at.into_iter().for_each(|at| phase.clock.keep(task, at));
    at.is_some()
}
