//! How one attempt of a body is made: the family's trait and its table.
//!
//! A mode knows nothing of graphs, events and reports.

mod placement;
mod process;
mod subprocess;
mod thread;

use std::cell::RefCell;
use std::sync::Arc;

use super::run::Run;
use super::seat::{Asked, Seat, Why};
use super::table::AttemptRecord;
use crate::context::Context;
use crate::event::TaskOutput;
use crate::graph::TaskId;
use crate::outcome::ExecutionMode;
use crate::process::Group;
use crate::task::Special;
use crate::value::{Completion, Value};

/// Makes one attempt on the calling worker's thread.
pub(super) trait Mode: Sync {
    /// Whether the mode is that of a task.
    fn fits(&self, special: &Special) -> bool;

    /// Whether attempts run outside of this process, where they can be ended.
    fn is_outside(&self) -> bool;

    /// Makes one attempt.
    fn attempt(&self, attempt: &Attempt<'_>) -> Completion;
}

/// The first that fits is taken.
const MODES: &[&dyn Mode] = &[&subprocess::Subprocess, &process::Process, &thread::Thread];

/// The mode of a task.
pub(super) fn of(special: &Special) -> &'static dyn Mode {
    let fits = |mode: &&&dyn Mode| mode.fits(special);
    *MODES.iter().find(fits).expect("every body fits a thread")
}

/// One attempt, as its mode sees it.
pub(super) struct Attempt<'a> {
    pub(super) run: &'a Arc<Run>,
    pub(super) seat: &'a Seat,
    pub(super) task: TaskId,
    pub(super) special: &'a Special,
    /// Its record so far. Only the worker sees it until the attempt is over.
    record: RefCell<AttemptRecord>,
}

impl<'a> Attempt<'a> {
    /// The attempt of this number, from 1.
    pub(super) fn new(
        run: &'a Arc<Run>,
        seat: &'a Seat,
        task: TaskId,
        special: &'a Special,
        number: u32,
    ) -> Self {
        let mode = run.table.body(task).mode();
        let record = AttemptRecord { mode, ..AttemptRecord::new(number, seat.slot(), 0, 0) };
        Self { run, seat, task, special, record: RefCell::new(record) }
    }

    /// Its record, without how it ended.
    pub(super) fn into_record(self, started: u64, ended: u64) -> AttemptRecord {
        AttemptRecord { started, ended, ..self.record.into_inner() }
    }
}

impl Attempt<'_> {
    fn context(&self) -> Context<'_> {
        Context::new(&self.run.state)
    }

    /// Whether no other attempt can follow.
    fn is_last(&self) -> bool {
        self.record.borrow().number >= self.special.attributes.attempts.most().get()
    }

    /// Says that processes run for this attempt, so that a stop or a timeout can end them.
    fn started(&self, group: Arc<Group>) {
        let machine = self.run.machine();
        let always = self.run.table.plan.task(self.task).runs_always();
        let mut watch = self.seat.watch();
        // A stop may have come while they were started.
        match watch.asked {
            Some(Asked { why: Why::Stopped, killed: false }) => group.ask(),
            Some(_) => group.kill(),
            // It may have been given up, and tried again by now.
            None if watch.is_abandoned() || !machine.is_running(self.task) => group.kill(),
            // A stop is on its way here, or found nothing to ask before this attempt.
            None if machine.is_stopping() && !always => {
                watch.asked = Some(Asked { why: Why::Stopped, killed: false });
                watch.deadline = Some(self.run.now().saturating_add(self.run.grace));
                self.run.set_alarm(watch.deadline);
                group.ask();
            }
            None => {}
        }
        watch.group = Some(group);
    }

    /// The attempt runs on the worker's thread after all.
    fn stays_inside(&self) {
        let mut watch = self.seat.watch();
        (watch.outside, watch.asked) = (false, None);
    }

    /// Leaves a result that is there also when the task does not pass.
    pub(super) fn leave_result(&self, value: Value) {
        self.run.table.hide_result(self.task, &value);
        self.record.borrow_mut().result = Some(value);
    }

    /// Leaves what the attempt wrote.
    fn leave_output(&self, output: TaskOutput) {
        if !output.is_empty() {
            self.record.borrow_mut().output = Some(output);
        }
    }

    /// The attempt fails without being made.
    fn is_not_made(&self, warning: String) {
        let mut record = self.record.borrow_mut();
        (record.worker, record.warning) = (None, Some(warning));
    }

    /// The attempt is made in another mode than the one that the task asks for.
    fn is_made_as(&self, mode: ExecutionMode, warning: String) {
        let mut record = self.record.borrow_mut();
        (record.mode, record.warning) = (mode, Some(warning));
    }

    /// Takes the attempt's processes out of the reach of timeouts and stops, as others may use them
    /// from now on; what is left to do is the worker's. `false` when they were asked to end.
    fn lets_go(&self) -> bool {
        let mut watch = self.seat.watch();
        if watch.asked.is_some() || watch.is_abandoned() {
            return false;
        }
        (watch.outside, watch.group) = (false, None);
        true
    }
}
