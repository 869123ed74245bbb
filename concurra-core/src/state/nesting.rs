//! Which updates the present thread is inside of. Unaware of other threads: this is what makes the
//! check in `get` cheap.

use std::cell::RefCell;
use std::sync::Arc;

use super::error::StateError;

struct Frame {
    state: u64,
    key: Arc<str>,
    /// What a call without a `Result` did wrong inside the closure.
    misuse: Option<StateError>,
}

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// An update that is under way on this thread. It ends with the value, also in a panic.
#[derive(Debug)]
pub(super) struct Nested(());

impl Nested {
    /// Notes that this thread updates the key from now on.
    pub(super) fn enter(state: u64, key: &Arc<str>) -> Self {
        let frame = Frame { state, key: Arc::clone(key), misuse: None };
        // A thread that is being torn down has no frames any more; the lock table still guards it.
        let _ = FRAMES.try_with(|frames| frames.borrow_mut().push(frame));
        Self(())
    }

    /// What was done wrong inside.
    pub(super) fn misuse(&self) -> Option<StateError> {
        FRAMES
            .try_with(|frames| frames.borrow_mut().last_mut().and_then(|frame| frame.misuse.take()))
            .ok()
            .flatten()
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        // The frame is dropped outside of the borrow, as are all things that own memory here.
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

/// Lets an update report an error that the call at fault cannot return: the update of the key in
/// question, else the innermost. Gives the error back when this thread is inside none.
pub(super) fn report(state: u64, key: &str, error: StateError) -> Result<(), StateError> {
    let mut unreported = Some(error);
    let _ = FRAMES.try_with(|frames| {
        let mut frames = frames.borrow_mut();
        let own = frames.iter().rposition(|frame| frame.state == state && *frame.key == *key);
        let Some(place) = own.or(frames.len().checked_sub(1)) else { return };
        let error = unreported.take();
        // The first mistake tells most; those after it may only follow from it.
        let misuse = &mut frames[place].misuse;
        *misuse = misuse.take().or(error);
    });
    unreported.map_or(Ok(()), Err)
}
