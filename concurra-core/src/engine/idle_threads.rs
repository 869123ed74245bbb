//! Where a pool's threads for worker loops wait for a run. Unaware of pools and tasks.
//!
//! A thread comes here as the first thing of its life and goes back to rayon only when its pool is
//! over. Loops could also be jobs that are spawned on the pool, but a job keeps all threads of its
//! pool alive until it is done, and a body that hangs never is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, Weak};
use std::time::Duration;

use super::run::Run;
use super::worker_loop;
use crate::failure;
use crate::sync::{lock, look_for, wait_while};

/// Runs often follow one another. To add a hundred tasks and to plan them takes about half as long.
const BETWEEN_RUNS: Duration = Duration::from_micros(200);

#[derive(Default)]
pub(super) struct IdleThreads {
    call: Mutex<Call>,
    called: Condvar,
    /// The number of the last call, for threads that look for one before they sleep.
    number: AtomicU64,
}

#[derive(Default)]
struct Call {
    /// The run that has loops for all who wait. A slow thread may find that the run is over.
    run: Weak<Run>,
    /// The number of calls so far.
    number: u64,
    closed: bool,
}

impl IdleThreads {
    /// Calls all threads that wait, now or later, into a run.
    pub(super) fn call(&self, run: Weak<Run>) {
        let mut call = lock(&self.call);
        call.run = run;
        call.number += 1;
        self.number.store(call.number, Ordering::Release);
        drop(call);
        self.called.notify_all();
    }

    /// Lets all threads go, now or later.
    pub(super) fn close(&self) {
        lock(&self.call).closed = true;
        self.called.notify_all();
    }

    /// Waits for runs and works in them, until [`close`](Self::close).
    pub(super) fn stay(&self) {
        let mut answered = 0;
        while let Some((run, number)) = self.next_call(answered) {
            answered = number;
            let Some(run) = run.upgrade() else { continue };
            match run.take_start() {
                Some(start) => worker_loop::work(run, start),
                None => failure::discard(run),
            }
        }
    }

    fn next_call(&self, answered: u64) -> Option<(Weak<Run>, u64)> {
        look_for(BETWEEN_RUNS, || (self.number.load(Ordering::Acquire) != answered).then_some(()));
        let waits = |call: &mut Call| !call.closed && call.number == answered;
        let call = wait_while(&self.call, &self.called, waits);
        (!call.closed).then(|| (Weak::clone(&call.run), call.number))
    }
}
