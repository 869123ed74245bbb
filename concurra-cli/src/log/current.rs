//! Which task runs on a thread, for records that are logged on it.

use std::cell::RefCell;

/// The task that runs on a thread.
#[derive(Clone, Debug)]
pub(super) struct Current {
    pub(super) worker: usize,
    pub(super) task: String,
}

thread_local! {
    static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
}

/// What runs on this thread, for a record that is logged on it.
pub(super) fn current<R>(read: impl FnOnce(Option<&Current>) -> R) -> R {
    CURRENT.with_borrow(|current| read(current.as_ref()))
}

/// Notes what runs on this thread from now on.
pub(super) fn set(current: Option<Current>) {
    CURRENT.set(current);
}
