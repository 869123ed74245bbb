//! How idle workers sleep and are woken.
//!
//! A worker's thread belongs to a rayon pool, and while it sleeps it should help the parallel
//! iterators of bodies that run on other threads of the pool. Rayon lets a thread help while it
//! waits for another pool, so an idle worker installs a job in a pool of one thread, and that job
//! waits for the wake-up. Jobs of several idle workers queue up there; each wake-up ends one.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rayon::ThreadPool;

/// The sleepers of a run.
#[derive(Debug, Default)]
pub(crate) struct Sleep {
    /// Workers that sleep and were not woken.
    idle: AtomicUsize,
    closed: AtomicBool,
    calls: Mutex<Calls>,
    called: Condvar,
}

#[derive(Debug, Default)]
struct Calls {
    /// Wake-ups that no sleeper took yet.
    open: usize,
    /// Sleepers that took a wake-up and are not back: they help a parallel iterator meanwhile.
    unanswered: usize,
}

/// How long a woken worker may be busy helping before another is woken in its place.
const ANSWER_WITHIN: Duration = Duration::from_millis(1);

impl Sleep {
    /// Sleeps until woken; returns at once when there is work after all.
    ///
    /// `false` when the run is over.
    pub(crate) fn sleep(&self, parking: &ThreadPool, has_work: impl Fn() -> bool + Sync) -> bool {
        self.idle.fetch_add(1, Ordering::SeqCst);
        // A producer that saw no idle worker must be seen here; see `wake`.
        fence(Ordering::SeqCst);
        if has_work() && self.leave() {
            return true;
        }
        parking.install(|| self.wait(&has_work));
        let mut calls = self.calls();
        calls.unanswered = calls.unanswered.saturating_sub(1);
        !self.is_closed()
    }

    /// Wakes sleepers, as many as there are, for that many tasks that were made available.
    ///
    /// One for each, as who is woken may find only the one it was woken for.
    pub(crate) fn wake(&self, tasks: usize) {
        if tasks == 0 {
            return;
        }
        // Work is published before idle workers are counted; see `sleep`.
        fence(Ordering::SeqCst);
        for _ in 0..tasks {
            if self.idle.load(Ordering::Relaxed) == 0 || !self.leave() {
                return;
            }
            self.calls().open += 1;
            self.called.notify_all();
        }
    }

    /// Ends all sleep for good.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        // A sleeper looks at the flag under the lock, so it hears this call or sees the flag.
        drop(self.calls());
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

    /// Waits on the parking thread for one wake-up.
    fn wait(&self, has_work: &impl Fn() -> bool) {
        let mut calls = self.calls();
        loop {
            if self.is_closed() {
                return;
            }
            if calls.open > 0 {
                calls.open -= 1;
                calls.unanswered += 1;
                return;
            }
            // Only work that waits for a worker who is busy helping is worth looking after.
            if calls.unanswered == 0 || !has_work() {
                calls = self.called.wait(calls).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (back, late) = self
                .called
                .wait_timeout(calls, ANSWER_WITHIN)
                .unwrap_or_else(PoisonError::into_inner);
            calls = back;
            if late.timed_out() && calls.open == 0 && has_work() && self.leave() {
                calls.unanswered += 1;
                return;
            }
        }
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
