//! A task's status, and a content that belongs to the caller that first takes it.
//!
//! The compare-and-swap that starts a task also gives its closure to the worker. A lock for each closure would
//! take longer than a short body. This is the one file of the crate with unsafe
//! code; `tests/models` checks it under every order of its memory accesses.

#![expect(
    unsafe_code,
    clippy::mut_from_ref,
    reason = "no safe type gives a value away without an atomic of its own"
)]

use crate::sync::atomic::{AtomicU8, Ordering};
use crate::sync::cell::UnsafeCell;

/// Set in the status once the content was handed out, and never cleared.
const TAKEN: u8 = 0x80;

/// Set in the status of a task that runs with any outcomes upstream, and also after a stop.
const ALWAYS: u8 = 0x40;

/// The bits beside the status.
const FLAGS: u8 = TAKEN | ALWAYS;

#[derive(Debug)]
pub(super) struct Status<C> {
    bits: AtomicU8,
    content: UnsafeCell<C>,
}

// SAFETY: threads reach the content only through `&mut self`, or as the one that has set `TAKEN`. So two
// threads never have it at once, and it only has to be fit to move between threads.
unsafe impl<C: Send> Sync for Status<C> {}

impl<C> Status<C> {
    pub(super) fn new(status: u8, content: C) -> Self {
        Self { bits: AtomicU8::new(status), content: UnsafeCell::new(content) }
    }

    pub(super) fn content_mut(&mut self) -> &mut C {
        self.content.get_mut()
    }

    pub(super) fn set_always(&mut self) {
        self.bits.fetch_or(ALWAYS, Ordering::Relaxed);
    }

    pub(super) fn is_always(&self) -> bool {
        self.bits.load(Ordering::Relaxed) & ALWAYS != 0
    }

    /// The status. A thread that sees it sees all that was written before.
    pub(super) fn get(&self) -> u8 {
        self.bits.load(Ordering::Acquire) & !FLAGS
    }

    /// Changes the status from one value to another. Returns `false` if the status has neither value.
    pub(super) fn turn(&self, from: u8, to: u8) -> bool {
        self.exchange(from, to, 0).is_some()
    }

    /// Changes the status as [`turn`](Self::turn) does, and takes the content.
    pub(super) fn turn_and_take(&self, from: u8, to: u8) -> Option<Option<&mut C>> {
        let before = self.exchange(from, to, TAKEN)?;
        // SAFETY: `exchange` has set `TAKEN`.
        Some(unsafe { self.content_unless_taken(before) })
    }

    /// Takes the content; `None` if an earlier caller took it.
    pub(super) fn take(&self) -> Option<&mut C> {
        let before = self.bits.fetch_or(TAKEN, Ordering::AcqRel);
        // SAFETY: the line above has set `TAKEN`.
        unsafe { self.content_unless_taken(before) }
    }

    /// Changes the status and sets a bit; returns the bits before.
    fn exchange(&self, from: u8, to: u8, bit: u8) -> Option<u8> {
        let mut bits = self.bits.load(Ordering::Acquire);
        while bits & !FLAGS == from {
            let new = to | bits & FLAGS | bit;
            let (won, lost) = (Ordering::AcqRel, Ordering::Acquire);
            match self.bits.compare_exchange_weak(bits, new, won, lost) {
                Ok(before) => return Some(before),
                Err(now) => bits = now,
            }
        }
        None
    }

    /// # Safety
    /// The caller has set `TAKEN`, and `before` has the bits from before that.
    unsafe fn content_unless_taken(&self, before: u8) -> Option<&mut C> {
        // SAFETY: of all callers that set `TAKEN` one alone found it unset, as nothing clears it.
        (before & TAKEN == 0).then(|| unsafe { &mut *self.content.get() })
    }
}
