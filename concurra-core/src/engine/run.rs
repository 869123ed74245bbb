//! What the workers and the conductor of one phase share.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Instant;

use super::observers::Events;
use super::ready::{Queue, Ready};
use super::running::RunningAttempts;
use super::serial::Serial;
use super::sleep::Sleep;
use super::table::Table;
use super::worker::Worker;
use super::{Around, Note, Stop};
use crate::event::{Event, StopReason};
use crate::graph::{Graph, TaskId};
use crate::isolate::Hosts;
use crate::machine::{Machine, Step};
use crate::max_fail::MaxFail;
use crate::outcome::Outcome;
use crate::process::Guard;
use crate::settings::Settings;
use crate::state::State;
use crate::sync::lock;
use crate::task::{Plain, Record};

/// What the workers and the conductor of one phase share.
pub(crate) struct Run {
    pub(crate) table: Arc<Table>,
    pub(crate) state: Arc<State>,
    /// Weak, so that a body that hangs keeps no process alive.
    pub(crate) hosts: Weak<Hosts>,
    pub(crate) guard: Weak<Guard>,
    pub(crate) ready: Ready,
    pub(crate) serial: Serial,
    pub(crate) sleep: Sleep,
    pub(crate) notes: Sender<Note>,
    pub(crate) epoch: Instant,
    /// This process, unless a body has forked it.
    pub(crate) process: u32,
    pub(crate) events: Events,
    pub(crate) settings: Arc<Settings>,
    pub(crate) around: Option<Arc<dyn Around>>,
    /// There are observers, or an `Around`.
    pub(crate) is_observed: bool,
    /// How many failures stop this phase.
    pub(crate) max_fail: MaxFail,
    pub(crate) running: RunningAttempts,
    /// Observers get reports of slow attempts, so workers enter every attempt in `running`.
    pub(crate) reports_slow: bool,
    pub(crate) failures: AtomicUsize,
    /// The task whose failure stopped the run.
    pub(crate) stopper: OnceLock<TaskId>,
    /// Tasks that have not been counted as ended.
    pub(crate) remaining: AtomicUsize,
    /// Loops that have not begun.
    pub(crate) starts: Mutex<Vec<LoopStart>>,
    pub(crate) loops: Arc<Loops>,
    /// When the conductor looks next, in nanoseconds since the start of the run.
    pub(crate) alarm: AtomicU64,
}

/// What a loop needs to begin.
pub(crate) struct LoopStart {
    pub(crate) worker: Arc<Worker>,
    pub(crate) queue: Queue,
}

/// Counts the loops that have not left, without abandoned ones.
///
/// Apart from `Run`, as a loop drops its `Run` before it leaves: the report alone keeps results.
#[derive(Debug)]
pub(crate) struct Loops {
    open: AtomicUsize,
    notes: Sender<Note>,
}

impl Loops {
    pub(crate) fn new(open: usize, notes: Sender<Note>) -> Arc<Self> {
        Arc::new(Self { open: AtomicUsize::new(open), notes })
    }

    /// Whether a loop is left.
    pub(crate) fn are_open(&self) -> bool {
        self.open.load(Ordering::Acquire) > 0
    }

    /// Wakes the conductor, which may wait for this abandoned body.
    pub(crate) fn body_returned(&self) {
        drop(self.notes.send(Note::Left));
    }

    /// Called when a loop leaves.
    pub(crate) fn leave(&self) {
        if self.open.fetch_sub(1, Ordering::AcqRel) == 1 {
            drop(self.notes.send(Note::Left));
        }
    }
}

impl Run {
    pub(crate) fn machine(&self) -> &Machine<Record, Plain> {
        &self.table.machine
    }

    pub(crate) fn graph(&self) -> &Graph {
        self.table.plan.graph()
    }

    /// Nanoseconds since the start of the run.
    #[inline]
    pub(crate) fn now(&self) -> u64 {
        super::nanos(self.epoch.elapsed())
    }

    /// The workers whose loops have not begun.
    pub(crate) fn workers(&self) -> Vec<Arc<Worker>> {
        lock(&self.starts).iter().map(|start| Arc::clone(&start.worker)).collect()
    }

    /// What the next loop starts with; `None` when all have begun.
    pub(crate) fn take_start(&self) -> Option<LoopStart> {
        lock(&self.starts).pop()
    }

    /// Wakes the conductor in time for a deadline that comes before all others.
    pub(crate) fn set_alarm(&self, deadline: Option<u64>) {
        let Some(deadline) = deadline else { return };
        if deadline < self.alarm.fetch_min(deadline, Ordering::SeqCst) {
            drop(self.notes.send(Note::Alarm(deadline)));
        }
    }

    /// Called after each task. Makes tasks ready that waited for this one to end.
    #[inline]
    pub(crate) fn leave_serial(self: &Arc<Self>, task: TaskId) {
        self.serial.leave(self.table.body(task), task, |next| {
            self.ready.arrive(next);
            self.sleep.wake(1);
        });
    }

    #[inline]
    pub(crate) fn count_failure(&self, task: TaskId, outcome: Outcome) {
        if !outcome.is_bad() {
            return;
        }
        // The process may die before the observers would look again.
        self.events.hurry();
        let failures = self.failures.fetch_add(1, Ordering::AcqRel) + 1;
        if self.max_fail.is_reached_by(failures) {
            // Other tasks may fail while this failure stops the run; the first is the cause.
            let _ = self.stopper.set(task);
            self.machine().stop();
            let stop = Stop { reason: StopReason::Failures, cancels: self.max_fail.is_immediate() };
            drop(self.notes.send(Note::Stop(stop)));
        }
    }

    #[inline]
    pub(crate) fn send_finished(&self, task: TaskId, outcome: Outcome) {
        self.events.send(|| self.table.finished(task, outcome, self.now()).into());
    }

    /// Called after a task ended. Calls `ready` with each dependent that may start now, and returns how
    /// many tasks ended without a start.
    #[inline]
    pub(crate) fn release(
        &self,
        task: TaskId,
        outcome: Outcome,
        mut ready: impl FnMut(TaskId),
    ) -> usize {
        let mut ended = 0;
        self.machine().release(self.graph(), task, outcome, &mut |step| match step {
            Step::Ready(task) => {
                self.events.send(|| Event::Ready { task });
                ready(task);
            }
            Step::Abandoned(_) => {}
            Step::Ended(task, outcome) => {
                ended += 1;
                self.table.release_results_elsewhere(task);
                self.send_finished(task, outcome);
            }
        });
        ended
    }

    /// Counts ended tasks. The count of the last one ends the phase.
    pub(crate) fn count_ended(&self, ended: usize) {
        if ended > 0 && self.remaining.fetch_sub(ended, Ordering::AcqRel) == ended {
            self.sleep.close();
            drop(self.notes.send(Note::AllEnded));
        }
    }
}
