//! The updates that surround a call on this thread. Unaware of other threads, so that the check in
//! `get` is cheap.

use std::cell::RefCell;
use std::sync::Arc;

use super::error::StateError;

struct Frame {
    state: u64,
    key: Arc<str>,
    /// The error of a call without a `Result` inside the closure.
    misuse: Option<StateError>,
}

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// An update that this thread is inside of, until this is dropped.
#[derive(Debug)]
pub(super) struct Nested(());

impl Nested {
    /// Records that this thread updates the key from now on.
    pub(super) fn enter(state: u64, key: &Arc<str>) -> Self {
        let frame = Frame { state, key: Arc::clone(key), misuse: None };
        // A thread at its end has no frames any more; the lock table still protects the key.
        let _ = FRAMES.try_with(|frames| frames.borrow_mut().push(frame));
        Self(())
    }

    /// The first error inside the closure.
    pub(super) fn misuse(&self) -> Option<StateError> {
        FRAMES
            .try_with(|frames| frames.borrow_mut().last_mut().and_then(|frame| frame.misuse.take()))
            .ok()
            .flatten()
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        // The frame is dropped after the borrow.
        let _frame = FRAMES.try_with(|frames| frames.borrow_mut().pop());
    }
}

/// Whether this thread is inside an update of the key.
pub(super) fn updates(state: u64, key: &str) -> bool {
    FRAMES
        .try_with(|frames| {
            frames.borrow().iter().any(|frame| frame.state == state && *frame.key == *key)
        })
        .unwrap_or(false)
}

/// Lets the update of the key, else the innermost update, report the error of a call that cannot
/// return it. Returns the error when this thread is inside no update.
pub(super) fn report(state: u64, key: &str, error: StateError) -> Result<(), StateError> {
    let mut unreported = Some(error);
    let _ = FRAMES.try_with(|frames| {
        let mut frames = frames.borrow_mut();
        let own = frames.iter().rposition(|frame| frame.state == state && *frame.key == *key);
        let Some(place) = own.or(frames.len().checked_sub(1)) else { return };
        let error = unreported.take();
        // The first error is the cause; later ones may follow from it.
        let misuse = &mut frames[place].misuse;
        *misuse = misuse.take().or(error);
    });
    unreported.map_or(Ok(()), Err)
}
