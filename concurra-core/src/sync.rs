//! Locks and waits. Lock holders may panic: code under a lock leaves the data whole at each step, so
//! that the next holder can use what a panic left.

pub(crate) use std::cell;
pub(crate) use std::sync::atomic;
pub(crate) use std::sync::{Condvar, Mutex};
use std::sync::{MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks, and waits as long as the data meet the condition.
pub(crate) fn wait_while<'m, T>(
    mutex: &'m Mutex<T>,
    condvar: &Condvar,
    condition: impl FnMut(&mut T) -> bool,
) -> MutexGuard<'m, T> {
    condvar.wait_while(lock(mutex), condition).unwrap_or_else(PoisonError::into_inner)
}

/// How long a thread looks for work before it sleeps. Waking it takes about half as long, which is
/// longer than many runs.
pub(crate) const LOOK: Duration = Duration::from_micros(50);

/// Looks for something for so long, without sleeping.
pub(crate) fn look_for<T>(long: Duration, mut find: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        let found = find();
        if found.is_some() || begun.elapsed() >= long {
            return found;
        }
        // The thread that this one waits for may need this core.
        thread::yield_now();
    }
}
