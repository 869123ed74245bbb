//! In place of `src/sync.rs`: the types of the model checker.

use std::sync::PoisonError;

pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, atomic};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn wait_while<'m, T>(
    mutex: &'m Mutex<T>,
    condvar: &Condvar,
    mut condition: impl FnMut(&mut T) -> bool,
) -> MutexGuard<'m, T> {
    let mut guard = lock(mutex);
    while condition(&mut guard) {
        guard = condvar.wait(guard).unwrap_or_else(PoisonError::into_inner);
    }
    guard
}

pub(crate) mod cell {
    /// The checker's cell with the methods of the standard library's one.
    #[derive(Debug)]
    pub(crate) struct UnsafeCell<T>(loom::cell::UnsafeCell<T>);

    impl<T> UnsafeCell<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(loom::cell::UnsafeCell::new(value))
        }

        /// Counts as a write: the checker reports another access that may come at the same time.
        pub(crate) fn get(&self) -> *mut T {
            self.0.with_mut(|pointer| pointer)
        }

        pub(crate) fn get_mut(&mut self) -> &mut T {
            #[expect(unsafe_code, reason = "the checker's cell has no such method")]
            // SAFETY: the cell is borrowed alone.
            self.0.with_mut(|pointer| unsafe { &mut *pointer })
        }
    }
}
