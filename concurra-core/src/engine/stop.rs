//! How the conductor carries out a stop.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::conductor::Conductor;
use super::phase::Phase;
use super::running::Cancel;
use super::worker::{AbandonedBody, Worker};
use super::{Stop, nanos};
use crate::event::{Event, StopReason};
use crate::graph::TaskId;
use crate::machine::{Reach, Step};
use crate::outcome::Outcome;

impl Conductor {
    /// Stops the run, or lets a stop reach further than those before.
    pub(super) fn stop(&mut self, phase: Option<&mut Phase>, stop: Stop) {
        let Stop { reason, cancels } = stop;
        let reach = match reason {
            StopReason::Abort => Reach::All,
            _ if cancels => Reach::Running,
            _ => Reach::Waiting,
        };
        // A stop within the run has nothing to add to another; a person wants to see an answer.
        let is_news = self.reach < Some(reach) || reason.is_signal();
        if is_news {
            self.events.send(|| Event::Stopping { reason, cancels });
        }
        let failed = phase.as_ref().and_then(|phase| phase.run.stopper.get());
        let failed = failed.filter(|_| reason == StopReason::Failures);
        let why = failed.map(|task| format!("stopped after {}", self.table.as_cause(*task)));
        let why = why.unwrap_or_else(|| reason.to_string());
        if reach >= Reach::Running && self.cancelled_by.is_none() {
            self.cancelled_by = Some(reason);
            self.table.note_cancel(why.clone());
        }
        if self.stopped.is_none() {
            self.stopped = Some(reason);
            self.table.note_stop(why);
            self.table.machine.stop();
        }
        if self.reach < Some(reach) {
            self.reach = Some(reach);
            if reach == Reach::All {
                self.table.machine.halt();
            }
            self.sweep(phase, reach);
        }
    }

    /// Whether the run was aborted, and waits for nothing.
    pub(super) fn is_aborted(&self) -> bool {
        self.reach == Some(Reach::All)
    }

    /// Ends the run, as no thread is left to run anything.
    pub(super) fn end_all(&mut self, phase: Option<&mut Phase>, why: &str) {
        self.warnings.push(why.to_owned().into());
        self.table.note_stop(why.to_owned());
        self.table.machine.halt();
        self.sweep(phase, Reach::All);
    }

    pub(super) fn sweep(&mut self, mut phase: Option<&mut Phase>, reach: Reach) {
        let grace = self.settings.grace();
        let ending = phase.as_mut().map(|phase| phase.end_processes(reach, grace));
        let ending = ending.unwrap_or_default();
        let (mut ended, mut abandoned) = (Vec::new(), Vec::new());
        let (machine, graph) = (&self.table.machine, self.table.plan.graph());
        let postponed = machine.sweep(
            graph,
            reach,
            |task| ending.contains(&task),
            |step| match step {
                Step::Ready(_) => {}
                Step::Ended(task, outcome) => ended.push((task, outcome)),
                Step::Abandoned(task) => abandoned.push(task),
            },
        );
        let now = self.now();
        for task in &abandoned {
            let begun = phase.as_ref().and_then(|phase| phase.run.running.begun(*task));
            self.table.note_abandoned(*task, begun, now);
        }
        // A task that waited for a retry ends now, not at the end of its last attempt.
        ended.iter().for_each(|(task, _)| self.table.note_end(*task, now));
        ended.extend(abandoned.iter().map(|task| (*task, Outcome::Cancelled)));
        ended.iter().for_each(|(task, outcome)| self.end(*task, *outcome));
        if let Some(phase) = phase {
            phase.abandon(&abandoned);
            // Postponed tasks are counted already. Only a sweep of all tasks ends them.
            let counted = if reach == Reach::All { std::mem::take(&mut self.postponed) } else { 0 };
            self.postponed += postponed;
            phase.run.count_ended(ended.len() + postponed - counted);
        }
    }

    /// Makes the `always` tasks of a stopped run ready.
    pub(super) fn take_postponed(&mut self) -> Vec<TaskId> {
        let mut roots = Vec::new();
        self.postponed = 0;
        if self.stopped.is_some() && !self.is_aborted() {
            // From now on only an abort cancels: all other tasks have ended.
            self.reach = Some(Reach::Running);
            self.table.machine.resume(self.table.plan.graph(), |step| {
                if let Step::Ready(task) = step {
                    roots.push(task);
                }
            });
            roots.iter().for_each(|task| self.events.send(|| Event::Ready { task: *task }));
        }
        roots
    }
}

impl Phase {
    /// Asks the processes of cancelled tasks to end, and sets the time to kill them; an abort kills them
    /// at once. Returns the tasks that end with their processes.
    fn end_processes(&mut self, reach: Reach, grace: Duration) -> HashSet<TaskId> {
        let mut ending = HashSet::new();
        if reach == Reach::Waiting {
            return ending;
        }
        let (now, grace, killed) = (self.run.now(), nanos(grace), reach == Reach::All);
        self.run.running.each(|task, attempt| {
            let stays = self.run.table.plan.task(task).runs_always() && !killed;
            if matches!(attempt.cancel, Cancel::Thread)
                || stays
                || attempt.asked.is_some() && !killed
            {
                return;
            }
            self.clock.look_at(attempt.stop(killed, now, grace));
            ending.insert(task);
        });
        ending
    }

    /// Abandons the bodies of cancelled tasks.
    fn abandon(&mut self, tasks: &[TaskId]) {
        for &task in tasks {
            let runs = |worker: &&Arc<Worker>| worker.task() == Some(task);
            let attempt = self.run.running.take(task).map(|attempt| attempt.worker);
            let plain = || self.workers.iter().find(runs).cloned();
            let Some(worker) = attempt.or_else(plain) else { continue };
            if worker.abandon() {
                let around = self.run.around.iter();
                around.for_each(|around| around.abandon(Some(worker.index)));
                self.run.count_ended(worker.take_uncounted());
                self.run.loops.leave();
                self.abandoned.push(AbandonedBody { task, worker });
            }
        }
    }
}
