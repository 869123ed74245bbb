//! The lock that users take over several keys.

use std::marker::PhantomData;

use super::State;
use super::locks::Hold;

/// The section lock of a [`State`], held until this is dropped; see [`State::lock`].
///
/// ```
/// let state = concurra_core::State::default();
/// let _section = state.lock();
/// ```
#[derive(Debug)]
#[must_use = "the lock is given back at once when nothing keeps the section"]
pub struct Section<'a> {
    _hold: Hold,
    state: PhantomData<&'a State>,
}

impl Section<'_> {
    pub(super) const fn new(hold: Hold) -> Self {
        Self { _hold: hold, state: PhantomData }
    }
}
