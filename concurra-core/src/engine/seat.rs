//! A worker's seat: what it runs, until when, and how that can be made to end.
//!
//! A seat belongs to one loop. When its body is given up, another loop takes over the slot with a
//! seat of its own, and the first one leaves when its body comes back.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::graph::TaskId;
use crate::process::Group;

#[derive(Debug)]
pub(crate) struct Seat {
    slot: usize,
    task: AtomicU32,
    asleep: AtomicBool,
    /// Ended tasks that are not counted yet: one shared counter would cost more than the tasks.
    /// Only the loop changes it, until it is abandoned.
    uncounted: AtomicUsize,
    /// The body came back after it was given up.
    back: AtomicBool,
    watch: Mutex<Watch>,
}

/// A body that was given up, by the seat of its loop: its task may run once more meanwhile.
#[derive(Debug)]
pub(super) struct GivenUp {
    pub(super) task: TaskId,
    pub(super) seat: Arc<Seat>,
}

/// What the conductor may do to the body that runs.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    abandoned: bool,
    /// When the attempt began, in nanoseconds since the start of the run.
    pub(crate) begun: u64,
    /// When the conductor has to look, likewise.
    pub(crate) deadline: Option<u64>,
    /// Why the body was asked to end, and how firmly.
    pub(crate) asked: Option<Asked>,
    /// The attempt runs outside of this process.
    pub(crate) outside: bool,
    /// What the body started outside of this process.
    pub(crate) group: Option<Arc<Group>>,
}

/// Why a body's processes were asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) why: Why,
    /// They were killed as they did not end.
    pub(crate) killed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    TimedOut,
    Stopped,
}

const NO_TASK: u32 = u32::MAX;

impl Seat {
    pub(crate) fn new(slot: usize) -> Arc<Self> {
        Arc::new(Self {
            slot,
            task: AtomicU32::new(NO_TASK),
            asleep: AtomicBool::new(false),
            uncounted: AtomicUsize::new(0),
            back: AtomicBool::new(false),
            watch: Mutex::default(),
        })
    }

    /// The worker's number.
    pub(crate) const fn slot(&self) -> usize {
        self.slot
    }

    /// Says what the loop is about to run. It says so before it starts the task: whoever finds the
    /// task running finds its seat.
    pub(crate) fn sit(&self, task: TaskId) {
        self.task.store(task.0, Ordering::Release);
    }

    /// The loop runs nothing.
    pub(crate) fn rise(&self) {
        self.task.store(NO_TASK, Ordering::Release);
    }

    /// What the loop runs.
    pub(crate) fn task(&self) -> Option<TaskId> {
        let task = self.task.load(Ordering::Acquire);
        (task != NO_TASK).then_some(TaskId(task))
    }

    pub(crate) fn set_asleep(&self, asleep: bool) {
        self.asleep.store(asleep, Ordering::Release);
    }

    pub(crate) fn is_asleep(&self) -> bool {
        self.asleep.load(Ordering::Acquire)
    }

    /// Notes ended tasks, to be counted later.
    pub(crate) fn note_ended(&self, ended: usize) {
        let noted = self.uncounted.load(Ordering::Relaxed);
        self.uncounted.store(noted + ended, Ordering::Relaxed);
    }

    /// Takes the ended tasks that were not counted.
    pub(crate) fn take_uncounted(&self) -> usize {
        self.uncounted.swap(0, Ordering::Relaxed)
    }

    /// The body that was given up has come back.
    pub(crate) fn come_back(&self) {
        self.back.store(true, Ordering::Release);
    }

    pub(crate) fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an attempt, inside or outside of this process, that has to end by `deadline`.
    pub(crate) fn arm(&self, begun: u64, deadline: Option<u64>, outside: bool) {
        let mut watch = self.watch();
        (watch.begun, watch.deadline, watch.outside) = (begun, deadline, outside);
        watch.asked = None;
    }

    /// Ends an attempt; tells why its processes were asked to end.
    pub(crate) fn disarm(&self) -> Option<Asked> {
        let mut watch = self.watch();
        (watch.deadline, watch.outside, watch.group) = (None, false, None);
        watch.asked.take()
    }

    /// Whether another loop has the slot by now.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.watch().abandoned
    }
}

impl GivenUp {
    pub(super) fn still_runs(&self) -> bool {
        !self.seat.back.load(Ordering::Acquire)
    }
}

impl Watch {
    /// Whether another loop has the slot by now.
    pub(crate) const fn is_abandoned(&self) -> bool {
        self.abandoned
    }

    /// Gives the loop up; `false` when somebody did.
    pub(crate) fn abandon(&mut self) -> bool {
        self.deadline = None;
        !std::mem::replace(&mut self.abandoned, true)
    }
}
