//! Locks whose holders may panic. Code under a lock leaves the data whole at each step, so that the
//! next holder can use what a panic left.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

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
