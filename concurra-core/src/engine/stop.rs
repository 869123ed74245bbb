//! How the conductor carries out a stop.

use super::conductor::Conductor;
use super::phase::Phase;
use crate::event::{Event, StopReason};
use crate::graph::TaskId;
use crate::machine::{Reach, Step};
use crate::outcome::Outcome;

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
        let now = super::nanos(self.epoch.elapsed());
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

const fn reach(reason: StopReason) -> Reach {
    match reason {
        StopReason::Interrupt | StopReason::Terminate => Reach::Waiting,
        StopReason::Failures | StopReason::Timeout => Reach::Running,
        StopReason::Abort => Reach::All,
    }
}
