//! Drops of users' values, which may panic.

use std::mem;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use super::panic_of;

/// Drops a user's value and ignores a panic of its `Drop`.
pub(crate) fn discard<T>(value: T) {
    drop(panic_of(|| drop(value)));
}

/// Drops a user's value for the user. While the thread unwinds, a panic of the `Drop` ends here: beside the
/// first panic, it would end the process. So of several values that panic one panic is left.
pub(crate) fn drop_for_user<T>(value: T) {
    if thread::panicking() {
        contain(value);
    }
}

/// Drops a value; the hook alone sees a panic of its `Drop`.
pub(super) fn contain<T>(value: T) {
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(value)));
    // The payload is a user's value as well.
    mem::forget(dropped.err());
}

/// Holds users' values. When they are dropped, a panic is ignored.
#[derive(Debug)]
pub(crate) struct Discarded<T>(Option<T>);

impl<T> Discarded<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Some(value))
    }
}

impl<T> Deref for Discarded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is there until the drop")
    }
}

impl<T> Drop for Discarded<T> {
    fn drop(&mut self) {
        discard(self.0.take());
    }
}
