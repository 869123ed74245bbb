//! One run: what workers and the conductor share.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::ready::Ready;
use super::sleep::Sleep;
use super::table::{Record, Table};
use super::{Around, Note};
use crate::context::Context;
use crate::event::{Event, Finished, StopReason};
use crate::failure;
use crate::graph::{Graph, TaskId};
use crate::machine::{Machine, Step};
use crate::outcome::Outcome;
use crate::state::State;
use crate::value::Completion;

/// What workers and the conductor share.
pub(crate) struct Run {
    pub(crate) table: Arc<Table>,
    pub(crate) state: Arc<State>,
    pub(crate) ready: Ready,
    pub(crate) sleep: Sleep,
    pub(crate) notes: Sender<Note>,
    pub(crate) epoch: Instant,
    /// Without observers no event is made.
    pub(crate) observed: bool,
    pub(crate) around: Option<Arc<dyn Around>>,
    pub(crate) max_fail: Option<NonZeroUsize>,
    pub(crate) failures: AtomicUsize,
    /// Tasks that have not been counted as ended.
    pub(crate) remaining: AtomicUsize,
}

impl Run {
    pub(crate) fn machine(&self) -> &Machine<Record> {
        &self.table.machine
    }

    pub(crate) fn graph(&self) -> &Graph {
        self.table.plan.graph()
    }

    /// Nanoseconds since the start of the run.
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    pub(crate) fn tell(&self, event: impl FnOnce() -> Event) {
        if self.observed {
            // The conductor hears until the run is over; what comes later concerns nobody.
            drop(self.notes.send(Note::Event(event())));
        }
    }

    /// Runs one task's body and publishes how it ended. Gives back the outcome when it counts.
    pub(crate) fn execute(
        &self,
        task: TaskId,
        worker: usize,
        started: u64,
    ) -> (u64, Option<Outcome>) {
        self.table.note_start(task, worker, started);
        self.tell(|| Event::Started { task, worker, at: Duration::from_nanos(started) });
        let completion = self.call(task, worker);
        let ended = self.now();
        // A late body changes nothing of what was told of its task when it was given up.
        if !self.machine().is_running(task) {
            self.table.note_back(task);
            return (ended, None);
        }
        self.table.note_end(task, ended);
        let outcome = match completion {
            Ok(value) => {
                value.into_iter().for_each(|value| self.table.keep(task, value));
                Outcome::Passed
            }
            Err(ending) => {
                let outcome = ending.outcome();
                // Whoever sees the outcome may ask for its reason at once.
                self.table.note_ending(task, ending);
                outcome
            }
        };
        if !self.machine().finish(task, outcome) {
            self.table.note_back(task);
            return (ended, None);
        }
        self.count_failure(outcome);
        self.tell_finished(task, outcome);
        (ended, Some(outcome))
    }

    fn call(&self, task: TaskId, worker: usize) -> Completion {
        let body = self.table.body(task);
        let context = Context::new(&self.state);
        let Some(around) = &self.around else {
            return failure::guard(|| body.call(&context));
        };
        let mut completion = None;
        around.run(worker, self.table.plan.task(task), &mut || {
            completion = Some(failure::guard(|| body.call(&context)));
        });
        completion.expect("`Around` calls the body")
    }

    fn count_failure(&self, outcome: Outcome) {
        if !outcome.is_bad() {
            return;
        }
        let failures = self.failures.fetch_add(1, Ordering::AcqRel) + 1;
        if self.max_fail.is_some_and(|most| failures >= most.get()) {
            self.machine().stop();
            drop(self.notes.send(Note::Stop(StopReason::Failures)));
        }
    }

    pub(crate) fn tell_finished(&self, task: TaskId, outcome: Outcome) {
        self.tell(|| Event::Finished(self.finished(task, outcome)));
    }

    fn finished(&self, task: TaskId, outcome: Outcome) -> Finished {
        let times = self.table.times(task, self.now());
        Finished {
            task,
            outcome,
            duration: times.map_or(Duration::ZERO, |(started, ended)| ended - started),
            worker: self.table.worker(task),
            failure: self.table.failure(task),
            cause: self.table.cause(task),
            bad: self.table.is_bad(task),
            done: 0,
        }
    }

    /// Hands the dependents of an ended task on: ready ones to `ready`; gives back how many ended
    /// without being run.
    pub(crate) fn release(
        &self,
        task: TaskId,
        outcome: Outcome,
        mut ready: impl FnMut(TaskId),
    ) -> usize {
        let mut ended = 0;
        self.machine().release(self.graph(), task, outcome, &mut |step| match step {
            Step::Ready(task) => {
                self.tell(|| Event::Ready { task });
                ready(task);
            }
            Step::Ended(task, outcome) => {
                ended += 1;
                self.tell_finished(task, outcome);
            }
        });
        ended
    }

    /// Counts ended tasks; whoever counts the last one ends the run.
    pub(crate) fn count_ended(&self, ended: usize) {
        if ended > 0 && self.remaining.fetch_sub(ended, Ordering::AcqRel) == ended {
            self.sleep.close();
            drop(self.notes.send(Note::AllEnded));
        }
    }
}
