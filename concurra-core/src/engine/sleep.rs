//! How idle workers sleep and are woken.

use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use crate::sync::{Condvar, Mutex, lock, wait_while};

/// The sleeping workers of a run.
#[derive(Debug, Default)]
pub(crate) struct Sleep {
    /// Workers that sleep and were not woken.
    idle: AtomicUsize,
    closed: AtomicBool,
    /// Wake-ups that no worker has taken yet.
    calls: Mutex<usize>,
    called: Condvar,
}

impl Sleep {
    /// Sleeps until woken, or returns at once when there is work. `false` when the run is over.
    pub(crate) fn rest(&self, has_work: impl FnOnce() -> bool) -> bool {
        self.idle.fetch_add(1, Ordering::SeqCst);
        // The worker that makes work either sees this idle worker or is seen here; see `wake`.
        fence(Ordering::SeqCst);
        if has_work() && self.leave() {
            return true;
        }
        let asleep = |calls: &mut usize| *calls == 0 && !self.is_closed();
        let mut calls = wait_while(&self.calls, &self.called, asleep);
        *calls = calls.saturating_sub(1);
        !self.is_closed()
    }

    /// Wakes a sleeping worker for each of so many tasks, as far as there are any.
    #[inline]
    pub(crate) fn wake(&self, tasks: usize) {
        if tasks == 0 {
            return;
        }
        // The tasks are in their queue before idle workers are counted; see `rest`.
        fence(Ordering::SeqCst);
        for _ in 0..tasks {
            if self.idle.load(Ordering::Relaxed) == 0 || !self.leave() {
                return;
            }
            *lock(&self.calls) += 1;
            self.called.notify_one();
        }
    }

    /// Ends all sleep for good.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        // A worker reads the flag under the lock, so it either sees the flag or gets this call.
        drop(lock(&self.calls));
        self.called.notify_all();
    }

    /// Whether all sleep has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Takes one worker off the count of idle ones.
    fn leave(&self) -> bool {
        let fewer = |idle: usize| idle.checked_sub(1);
        self.idle.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer).is_ok()
    }
}
