//! Which task runs on a thread, for records that are logged on it.

use std::cell::RefCell;

/// The task that runs on a thread.
#[derive(Clone, Debug)]
pub(super) struct Current {
    pub(super) worker: usize,
    pub(super) task: String,
}

thread_local! {
    pub(super) static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
}
