//! How the conductor carries out a stop.

use std::time::Duration;

use super::conductor::Conductor;
use super::nanos;
use super::phase::Phase;
use super::seat::{Asked, Why};
use crate::event::{Event, StopReason};
use crate::graph::TaskId;
use crate::machine::{Reach, Step};
use crate::outcome::Outcome;

/// How long a process that is being started may take until it can be killed: a program that ends
/// right after its run would leave it behind.
const STARTED_WITHIN: Duration = Duration::from_millis(200);

impl Conductor<'_> {
    pub(super) fn stop(&mut self, phase: Option<&mut Phase>, reason: StopReason) {
        self.aborted |= reason == StopReason::Abort;
        if self.stopped.is_some() {
            // Someone who let running tasks finish may lose patience with them.
            if self.aborted {
                self.table.machine.stop();
                self.sweep(phase, Reach::All);
            }
            return;
        }
        self.stopped = Some(reason);
        self.tell(|| Event::Stopping { reason });
        let failed = self.table.first_failed().filter(|_| reason == StopReason::Failures);
        let why = failed.map(|name| format!("stopped after {name} failed"));
        self.table.note_obstacle(why.unwrap_or_else(|| reason.to_string()));
        self.table.machine.stop();
        self.sweep(phase, reach(reason));
    }

    /// Ends the run as nothing can run any more.
    pub(super) fn give_up(&mut self, phase: Option<&mut Phase>, why: &str) {
        self.warnings.push(why.to_owned());
        self.table.note_obstacle(why.to_owned());
        self.table.machine.stop();
        self.sweep(phase, Reach::All);
    }

    fn sweep(&mut self, phase: Option<&mut Phase>, reach: Reach) {
        let (mut ended, mut given_up) = (Vec::new(), Vec::new());
        let machine = &self.table.machine;
        let postponed = machine.sweep(self.table.plan.graph(), reach, |step| match step {
            Step::Ready(_) => {}
            Step::Ended(task, outcome) => ended.push((task, outcome)),
            Step::GivenUp(task) => given_up.push(task),
        });
        let now = nanos(self.epoch.elapsed());
        given_up.iter().for_each(|task| self.table.note_given_up(*task, now));
        ended.extend(given_up.iter().map(|task| (*task, Outcome::Cancelled)));
        for &(task, outcome) in &ended {
            self.table.pass(task);
            self.tell_finished(task, outcome);
        }
        if let Some(phase) = phase {
            if reach == Reach::Waiting {
                phase.ask_processes(self.settings.grace);
            }
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
        self.postponed = 0;
        if self.stopped.is_some() && !self.aborted {
            self.table.machine.resume(self.table.plan.graph(), |step| {
                if let Step::Ready(task) = step {
                    roots.push(task);
                }
            });
            roots.iter().for_each(|task| self.tell(|| Event::Ready { task: *task }));
        }
        roots
    }
}

impl Phase {
    /// Asks the processes of running tasks to end, and has them killed after the grace; but not
    /// those of tasks that run always.
    pub(super) fn ask_processes(&mut self, grace: Duration) {
        let kill_at = self.run.now().saturating_add(nanos(grace));
        for seat in &self.seats {
            let runs_always = |task| self.run.table.plan.task(task).runs_always();
            if seat.task().is_some_and(runs_always) {
                continue;
            }
            let mut watch = seat.watch();
            // What is only being started is asked by its own worker; see `Attempt::started`.
            if watch.outside && watch.asked.is_none() {
                watch.group.iter().for_each(|group| group.ask());
                watch.asked = Some(Asked { why: Why::Stopped, killed: false });
                watch.deadline = Some(kill_at);
                self.clock.look_at(kill_at);
            }
        }
    }

    /// Leaves the bodies of cancelled tasks to themselves and kills their processes.
    pub(super) fn give_up(&mut self, tasks: &[TaskId]) {
        for seat in &self.seats {
            let Some(task) = seat.task().filter(|task| tasks.contains(task)) else { continue };
            let mut watch = seat.watch();
            watch.group.iter().for_each(|group| group.kill());
            let starting = watch.outside && watch.group.is_none();
            let abandoned = watch.abandon();
            drop(watch);
            if starting {
                seat.wait_for_start(STARTED_WITHIN);
            }
            if abandoned {
                self.run.count_ended(seat.take_uncounted());
                self.run.loops.leave();
                self.given_up.push(task);
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
