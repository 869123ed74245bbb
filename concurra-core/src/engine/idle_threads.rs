//! Where the threads of a pool wait for a run. Unaware of pools and tasks.
//!
//! A thread comes here as the first thing of its life and goes back to rayon only when its pool is
//! over. Loops could also be jobs that are spawned on the pool, but a job keeps all threads of its
//! pool alive until it is done, and a body that hangs never is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use rayon::Yield;

/// A run that has places for threads.
pub(super) trait Join: Send + Sync {
    /// Takes part, if a place is left.
    fn join(self: Arc<Self>);
}

#[derive(Default)]
pub(super) struct IdleThreads {
    call: Mutex<Call>,
    called: Condvar,
    /// The number of the last call, for who looks out for one.
    number: AtomicU64,
}

/// Looks out for a call that often before it sleeps, as rayon's threads do: runs often follow one
/// another, and to be woken takes longer than a small one.
const LOOKS: usize = 32;

#[derive(Default)]
struct Call {
    /// The run that has places for all who wait; a late one may come after its end.
    run: Option<Weak<dyn Join>>,
    /// The number of calls so far.
    number: u64,
    closed: bool,
}

impl IdleThreads {
    /// Calls everybody who waits, now or later, into a run.
    pub(super) fn call(&self, run: Weak<dyn Join>) {
        let mut call = self.lock();
        call.run = Some(run);
        call.number += 1;
        self.number.store(call.number, Ordering::Release);
        drop(call);
        self.called.notify_all();
    }

    /// Sends everybody away, now or later.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.called.notify_all();
    }

    /// Waits for runs and takes part in them, until the lobby closes.
    pub(super) fn stay(&self) {
        let mut heard = 0;
        while let Some((run, number)) = self.next_call(heard) {
            heard = number;
            if let Some(run) = run.upgrade() {
                run.join();
            }
            // Nobody looks after what tasks spawned and did not wait for while all wait here.
            while rayon::yield_now() == Some(Yield::Executed) {}
        }
    }

    fn next_call(&self, heard: u64) -> Option<(Weak<dyn Join>, u64)> {
        for _ in 0..LOOKS {
            if self.number.load(Ordering::Acquire) != heard {
                break;
            }
            thread::yield_now();
        }
        let unheard = |call: &mut Call| !call.closed && call.number == heard;
        let call = self.called.wait_while(self.lock(), unheard);
        let call = call.unwrap_or_else(PoisonError::into_inner);
        if call.closed { None } else { Some((call.run.clone()?, call.number)) }
    }

    fn lock(&self) -> MutexGuard<'_, Call> {
        self.call.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
