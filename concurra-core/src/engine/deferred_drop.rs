//! Drops what users left with tasks that end without their own worker: a closure that is never
//! called, a result that nobody waits for. How long a `Drop` takes is theirs, so neither the
//! conductor nor a worker waits for it.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure;

/// How long one thing may take until others are dropped beside it: it may wait for one of them.
const PATIENCE: Duration = Duration::from_millis(20);

/// Something to be dropped, whatever it is.
pub(crate) type Leftover = Box<dyn Send>;

/// What is to be dropped, and the threads that do so.
#[derive(Default)]
pub(crate) struct DeferredDrops {
    pile: Mutex<Pile>,
    /// The pile is empty and nobody drops any more.
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
    /// Has something dropped soon.
    pub(crate) fn take(self: &Arc<Self>, leftover: Leftover) {
        let mut pile = self.lock();
        pile.leftovers.push_back(leftover);
        if pile.droppers == 0 {
            self.send_dropper(pile);
        }
    }

    /// Waits until everything is dropped, but not for ever; tells whether it is.
    pub(crate) fn settle(self: &Arc<Self>, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        let mut pile = self.lock();
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
                pile = self.lock();
            }
        }
        true
    }

    fn send_dropper(self: &Arc<Self>, mut pile: MutexGuard<'_, Pile>) {
        pile.droppers += 1;
        drop(pile);
        let here = Arc::clone(self);
        if thread::Builder::new().name("drops".to_owned()).spawn(move || here.work()).is_err() {
            // Late is better than never.
            self.work();
        }
    }

    fn work(&self) {
        let mut pile = self.lock();
        while let Some(leftover) = pile.leftovers.pop_front() {
            pile.taken += 1;
            drop(pile);
            failure::discard(leftover);
            pile = self.lock();
        }
        pile.droppers -= 1;
        if pile.droppers == 0 {
            self.done.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Pile> {
        self.pile.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for DeferredDrops {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeferredDrops({})", self.lock().leftovers.len())
    }
}
