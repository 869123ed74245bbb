//! How an attempt runs its body.
//!
//! A mode knows no graph, events and reports.

mod process;
mod subprocess;

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::run::Run;
use super::running::{Asked, Cancel, RunningAttempt, Why};
use super::table::AttemptRecord;
use super::worker::Worker;
use crate::context::Context;
use crate::event::TaskOutput;
use crate::failure;
use crate::graph::TaskId;
use crate::outcome::ExecutionMode;
use crate::process::{CaptureSpec, Group};
use crate::task::Body;
use crate::value::{Completion, Value};

/// What a mode sees of an attempt.
pub(super) struct Attempt<'a> {
    pub(super) run: &'a Arc<Run>,
    pub(super) worker: &'a Arc<Worker>,
    pub(super) task: TaskId,
    pub(super) body: &'a Body,
    /// The record so far. Only the worker sees it until the attempt is over.
    pub(super) record: RefCell<AttemptRecord>,
}

impl<'a> Attempt<'a> {
    /// The attempt of this number, from 1.
    pub(super) fn new(
        run: &'a Arc<Run>,
        worker: &'a Arc<Worker>,
        task: TaskId,
        number: u32,
    ) -> Self {
        let body = run.table.body(task);
        let record =
            AttemptRecord { mode: body.mode(), ..AttemptRecord::new(number, worker.index, 0, 0) };
        Self { run, worker, task, body, record: RefCell::new(record) }
    }
}

impl Attempt<'_> {
    /// Runs the body once, on the worker's thread or in another process.
    pub(super) fn run_body(&self) -> Completion {
        match self.body.mode() {
            ExecutionMode::Subprocess => subprocess::run(self),
            ExecutionMode::Process => process::run(self),
            ExecutionMode::Thread | ExecutionMode::ThreadFallback => self.run_in_thread(),
        }
    }

    fn run_in_thread(&self) -> Completion {
        let is_last = self.record.borrow().number >= self.body.attributes().most_attempts().get();
        let completion = self.body.call(&Context::new(&self.run.state), is_last);
        failure::leave_if_copy(self.run.process, &completion);
        completion
    }

    /// Records the processes of this attempt, so that a stop or a timeout can end them.
    fn started(&self, group: Arc<Group>) {
        let machine = self.run.machine();
        let known = self.change(|attempt| {
            attempt.cancel = Cancel::Group(Arc::clone(&group));
            // A stop may have come while they started.
            match attempt.asked {
                Some(Asked { why: Why::Stopped, killed: false }) => group.ask(),
                Some(_) => group.kill(),
                None if !machine.is_running(self.task) => group.kill(),
                None => {}
            }
        });
        if known.is_none() {
            group.kill();
        }
    }

    /// Called when the command of this attempt has ended while its output is still read. A command that
    /// ended in time is not timed out any more. Returns the time that would have been the limit.
    fn command_ended(&self) -> Option<Instant> {
        let now = self.run.now();
        let deadline = self.change(|attempt| match (attempt.deadline, attempt.asked) {
            (Some(deadline), None) if now < deadline => attempt.deadline.take(),
            _ => None,
        });
        self.run.epoch.checked_add(Duration::from_nanos(deadline.flatten()?))
    }

    /// Changes the conductor's entry of this attempt, unless the conductor has abandoned it.
    fn change<R>(&self, change: impl FnOnce(&mut RunningAttempt) -> R) -> Option<R> {
        self.run.running.change(self.task, self.worker, change)
    }

    /// Records a result that stays also when the task does not pass.
    pub(super) fn leave_result(&self, value: Value) {
        self.run.table.hide_result(self.task, &value);
        self.record.borrow_mut().result = Some(value);
    }

    /// What to keep of the output of this attempt. The result of a command in code has all of it, unless
    /// a limit is set.
    fn capture(&self) -> CaptureSpec {
        let (table, command) = (&self.run.table, self.body.spec());
        let limit = command.and_then(|spec| spec.capture_limit);
        let limit = limit.or(self.run.settings.capture_limit);
        let mut capture = CaptureSpec::new(limit, command.is_some() && limit.is_none());
        capture.secrets = table.secrets().clone();
        command.into_iter().for_each(|spec| capture.secrets.add(&spec.secrets));
        // The output of a secret task is hidden as a whole.
        if !self.body.attributes().secret {
            let (task, attempt) = (table.shown_name(self.task), self.record.borrow().number);
            capture.file = Some(table.output_folder.file(&task, attempt));
        }
        capture
    }

    /// Records what the attempt wrote.
    fn leave_output(&self, output: TaskOutput) {
        if !output.is_empty() {
            self.record.borrow_mut().output = Some(output);
        }
    }

    /// Takes the processes from the conductor, as other attempts may use them from now on. `false` when
    /// the conductor has asked them to end.
    fn releases_processes(&self) -> bool {
        let released = self.change(|attempt| {
            let is_free = attempt.asked.is_none();
            if is_free {
                attempt.cancel = Cancel::Thread;
            }
            is_free
        });
        released == Some(true)
    }
}
