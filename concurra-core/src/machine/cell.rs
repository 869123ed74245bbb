//! What a machine keeps of one task, in one cache line.

use std::sync::atomic::{AtomicU32, Ordering};

use super::status::Status;
use super::{NO_CAUSE, WAITING};

/// What a machine keeps of one task. A caller's record is beside the status: the release of the last
/// dependency brings both into the cache, and the task often runs next on the same core.
#[derive(Debug)]
#[repr(align(64))]
pub struct Cell<R = (), C = ()> {
    /// Dependencies that have ended.
    ended: AtomicU32,
    /// The root cause upstream, the first in source order.
    pub(super) cause: AtomicU32,
    pub(super) status: Status<C>,
    /// The caller's record.
    pub record: R,
}

impl<R, C> Cell<R, C> {
    /// The cell of a task that waits.
    pub fn new(record: R, content: C) -> Self {
        let status = Status::new(WAITING, content);
        let (ended, cause) = (AtomicU32::new(0), AtomicU32::new(NO_CAUSE));
        Self { ended, cause, status, record }
    }

    /// Lets the task run with any outcomes upstream, and also after a stop.
    pub fn set_always(&mut self) {
        self.status.set_always();
    }

    /// The content, before a run.
    pub fn content_mut(&mut self) -> &mut C {
        self.status.content_mut()
    }

    /// Counts a dependency that has ended. Returns `true` for the last of so many dependencies; the caller
    /// then sees what the others wrote.
    pub(super) fn is_last(&self, dependencies: u32) -> bool {
        let before = self.ended.load(Ordering::Acquire);
        if before + 1 == dependencies {
            // No other dependency is left that could change the count, so a plain store is enough.
            self.ended.store(dependencies, Ordering::Release);
            return true;
        }
        self.ended.fetch_add(1, Ordering::AcqRel) + 1 == dependencies
    }

    /// Whether all of so many dependencies have ended.
    pub(super) fn have_all_ended(&self, dependencies: u32) -> bool {
        self.ended.load(Ordering::Acquire) == dependencies
    }

    pub(super) fn waits(&self) -> bool {
        self.status.get() == WAITING
    }
}
