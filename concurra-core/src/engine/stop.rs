//! How the conductor carries out a stop.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::conductor::Conductor;
use super::nanos;
use super::phase::Phase;
use super::running::Cancel;
use super::worker::{AbandonedBody, Worker};
use crate::event::{Event, StopReason};
use crate::graph::TaskId;
use crate::machine::{Reach, Step};
use crate::outcome::Outcome;

impl Conductor {
    pub(super) fn stop(&mut self, phase: Option<&mut Phase>, reason: StopReason) {
        self.aborted |= reason == StopReason::Abort;
        if self.stopped.is_some() {
            self.stop_further(phase, reach(reason));
            return;
        }
        self.stopped = Some(reason);
        self.patient = reach(reason) == Reach::Waiting;
        self.send(|| Event::Stopping { reason });
        let failed = phase.as_ref().and_then(|phase| phase.run.stopper.get());
        let failed = failed.filter(|_| reason == StopReason::Failures);
        let why = failed.map(|task| format!("stopped after {}", self.table.as_cause(*task)));
        self.table.note_obstacle(why.unwrap_or_else(|| reason.to_string()));
        self.table.machine.stop();
        self.sweep(phase, reach(reason));
    }

    /// A second stop may cancel the tasks that the first one let finish.
    fn stop_further(&mut self, phase: Option<&mut Phase>, reach: Reach) {
        if self.aborted {
            self.table.machine.halt();
            self.sweep(phase, Reach::All);
        } else if reach == Reach::Running && std::mem::take(&mut self.patient) {
            self.sweep(phase, reach);
        }
    }

    /// Ends the run, as no thread is left to run anything.
    pub(super) fn end_all(&mut self, phase: Option<&mut Phase>, why: &str) {
        self.warnings.push(why.to_owned().into());
        self.table.note_obstacle(why.to_owned());
        self.table.machine.halt();
        self.sweep(phase, Reach::All);
    }

    fn sweep(&mut self, mut phase: Option<&mut Phase>, reach: Reach) {
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
        let now = nanos(self.epoch.elapsed());
        for task in &abandoned {
            let begun = phase.as_ref().and_then(|phase| phase.run.running.begun(*task));
            self.table.note_abandoned(*task, begun, now);
        }
        // A task that waited for a retry ends now, not at the end of its last attempt.
        ended.iter().for_each(|(task, _)| self.table.note_end(*task, now));
        ended.extend(abandoned.iter().map(|task| (*task, Outcome::Cancelled)));
        for &(task, outcome) in &ended {
            self.table.release_results_elsewhere(task);
            self.send_finished(task, outcome);
        }
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
        // A stop does not cancel `always` tasks.
        (self.postponed, self.patient) = (0, false);
        if self.stopped.is_some() && !self.aborted {
            self.table.machine.resume(self.table.plan.graph(), |step| {
                if let Step::Ready(task) = step {
                    roots.push(task);
                }
            });
            roots.iter().for_each(|task| self.send(|| Event::Ready { task: *task }));
        }
        roots
    }
}

impl Phase {
    /// Kills the processes of running tasks. When running tasks may finish, asks the processes to end
    /// and sets the time to kill them. Returns the tasks that end with their processes.
    fn end_processes(&mut self, reach: Reach, grace: Duration) -> HashSet<TaskId> {
        let (now, grace) = (self.run.now(), nanos(grace));
        let killed = reach != Reach::Waiting;
        let mut ending = HashSet::new();
        self.run.running.each(|task, attempt| {
            let stays = self.run.table.plan.task(task).runs_always() && reach != Reach::All;
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
                self.run.count_ended(worker.take_uncounted());
                self.run.loops.leave();
                self.abandoned.push(AbandonedBody { task, worker });
            }
        }
    }
}

const fn reach(reason: StopReason) -> Reach {
    match reason {
        StopReason::Interrupt | StopReason::Terminate => Reach::Waiting,
        StopReason::Failures | StopReason::Timeout => Reach::Running,
        StopReason::Abort => Reach::All,
    }
}
