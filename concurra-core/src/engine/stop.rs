//! How the conductor carries out a stop.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::conductor::Conductor;
use super::nanos;
use super::phase::Phase;
use super::seat::{Asked, GivenUp, Why};
use super::timeout::GONE_WITHIN;
use crate::event::{Event, StopReason};
use crate::graph::TaskId;
use crate::machine::{Reach, Step};
use crate::outcome::Outcome;

impl Conductor<'_> {
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

    /// Someone who let running tasks finish may lose patience with them.
    fn stop_further(&mut self, phase: Option<&mut Phase>, reach: Reach) {
        if self.aborted {
            self.table.machine.halt();
            self.sweep(phase, Reach::All);
        } else if reach == Reach::Running && std::mem::take(&mut self.patient) {
            self.sweep(phase, reach);
        }
    }

    /// Ends the run as nothing can run any more.
    pub(super) fn give_up(&mut self, phase: Option<&mut Phase>, why: &str) {
        self.warnings.push(why.to_owned().into());
        self.table.note_obstacle(why.to_owned());
        self.table.machine.halt();
        self.sweep(phase, Reach::All);
    }

    fn sweep(&mut self, mut phase: Option<&mut Phase>, reach: Reach) {
        let grace = self.settings.grace;
        let ending = phase.as_mut().map(|phase| phase.end_processes(reach, grace));
        let ending = ending.unwrap_or_default();
        let (mut ended, mut given_up) = (Vec::new(), Vec::new());
        let (machine, graph) = (&self.table.machine, self.table.plan.graph());
        let postponed = machine.sweep(
            graph,
            reach,
            |task| ending.contains(&task),
            |step| match step {
                Step::Ready(_) => {}
                Step::Ended(task, outcome) => ended.push((task, outcome)),
                Step::GivenUp(task) => given_up.push(task),
            },
        );
        let now = nanos(self.epoch.elapsed());
        for task in &given_up {
            let begun = phase.as_ref().and_then(|phase| phase.begun(*task));
            self.table.note_abandoned(*task, begun, now);
        }
        // One that waited to be tried again ends now, and not with its last attempt.
        ended.iter().for_each(|(task, _)| self.table.note_end(*task, now));
        ended.extend(given_up.iter().map(|task| (*task, Outcome::Cancelled)));
        for &(task, outcome) in &ended {
            self.table.pass_over(task);
            self.send_finished(task, outcome);
        }
        if let Some(phase) = phase {
            phase.give_up(&given_up);
            // What was postponed is counted out already, and ended only by a sweep of everything.
            let counted = if reach == Reach::All { std::mem::take(&mut self.postponed) } else { 0 };
            self.postponed += postponed;
            phase.run.count_ended(ended.len() + postponed - counted);
        }
    }

    /// Lets what runs always run although the run was stopped.
    pub(super) fn take_postponed(&mut self) -> Vec<TaskId> {
        let mut roots = Vec::new();
        // What runs always is not meant by what stops the rest.
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
    /// Ends the processes of running tasks: kills them, or, when running tasks may finish, asks them
    /// and has them killed after the grace. Gives back the tasks that end with them.
    fn end_processes(&mut self, reach: Reach, grace: Duration) -> HashSet<TaskId> {
        let now = self.run.now();
        let killed = reach != Reach::Waiting;
        let mut ending = HashSet::new();
        for seat in &self.seats {
            let mut watch = seat.watch();
            let Some(task) = seat.task().filter(|_| watch.outside && !watch.is_abandoned()) else {
                continue;
            };
            let stays = self.run.table.plan.task(task).runs_always() && reach != Reach::All;
            if stays || watch.asked.is_some() && !killed {
                continue;
            }
            // What is only being started is ended by its own worker; see `Attempt::started`.
            let before = watch.asked;
            watch.asked =
                Some(Asked { why: before.map_or(Why::Stopped, |asked| asked.why), killed });
            if let Some(group) =
                watch.group.as_ref().filter(|_| before.is_none_or(|asked| !asked.killed))
            {
                if killed { group.kill() } else { group.ask() }
            }
            let by = now.saturating_add(if killed { GONE_WITHIN } else { nanos(grace) });
            watch.deadline = Some(by);
            self.clock.look_at(by);
            ending.insert(task);
        }
        ending
    }

    /// When the attempt began that runs of a task, if that was recorded.
    fn begun(&self, task: TaskId) -> Option<u64> {
        let seat = self.seats.iter().find(|seat| seat.task() == Some(task))?;
        Some(seat.watch().begun)
    }

    /// Leaves the bodies of cancelled tasks to themselves.
    fn give_up(&mut self, tasks: &[TaskId]) {
        for seat in &self.seats {
            let Some(task) = seat.task().filter(|task| tasks.contains(task)) else { continue };
            let abandoned = seat.watch().abandon();
            if abandoned {
                self.run.count_ended(seat.take_uncounted());
                self.run.loops.leave();
                self.given_up.push(GivenUp { task, seat: Arc::clone(seat) });
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
