//! Drops values of users on other threads: closures that are never called, and results that no task
//! needs. Their `Drop` is user code and may take long, so neither the conductor nor a worker waits
//! for it.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure;
use crate::sync::lock;

/// How long one drop may take before another thread goes on with the others: it may wait for one of
/// them.
const PATIENCE: Duration = Duration::from_millis(20);

/// A value to drop.
pub(crate) type Leftover = Box<dyn Send>;

/// The values to drop, and the threads that drop them.
#[derive(Default)]
pub(crate) struct DeferredDrops {
    pile: Mutex<Pile>,
    /// Signalled when the last thread has nothing left to drop.
    done: Condvar,
}

#[derive(Default)]
struct Pile {
    leftovers: VecDeque<Leftover>,
    droppers: usize,
    /// How many were taken so far.
    taken: usize,
}

impl DeferredDrops {
    /// Drops a value soon, on another thread.
    pub(crate) fn take(self: &Arc<Self>, leftover: Leftover) {
        let mut pile = lock(&self.pile);
        pile.leftovers.push_back(leftover);
        if pile.droppers == 0 {
            self.send_dropper(pile);
        }
    }

    /// Waits until everything is dropped; `false` when that takes longer than `within`.
    pub(crate) fn settle(self: &Arc<Self>, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        let mut pile = lock(&self.pile);
        while pile.droppers > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let taken = pile.taken;
            let waited = self.done.wait_timeout(pile, left.min(PATIENCE));
            pile = waited.unwrap_or_else(PoisonError::into_inner).0;
            if pile.taken == taken && !pile.leftovers.is_empty() {
                self.send_dropper(pile);
                pile = lock(&self.pile);
            }
        }
        true
    }

    fn send_dropper(self: &Arc<Self>, mut pile: MutexGuard<'_, Pile>) {
        pile.droppers += 1;
        drop(pile);
        let here = Arc::clone(self);
        if thread::Builder::new().name("drops".to_owned()).spawn(move || here.work()).is_err() {
            // Without a thread, the caller has to wait for the drops.
            self.work();
        }
    }

    fn work(&self) {
        let mut pile = lock(&self.pile);
        while let Some(leftover) = pile.leftovers.pop_front() {
            pile.taken += 1;
            drop(pile);
            failure::discard(leftover);
            pile = lock(&self.pile);
        }
        pile.droppers -= 1;
        if pile.droppers == 0 {
            self.done.notify_all();
        }
    }
}

impl std::fmt::Debug for DeferredDrops {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeferredDrops({})", lock(&self.pile).leftovers.len())
    }
}
