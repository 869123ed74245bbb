//! Sections, which `state.lock()` returns.

use std::thread;

use concurra_core::State;

use crate::{bump, number, together, watched};

#[test]
fn the_lock_is_reentrant_and_free_after_the_last_section() {
    watched(|| {
        let state = State::default();
        let outer = state.lock();
        let inner = state.lock();
        drop(outer);
        drop(inner);
        thread::scope(|scope| {
            scope.spawn(|| drop(state.lock())).join().unwrap();
        });
    });
}

#[test]
fn a_section_makes_several_keys_one() {
    watched(|| {
        let state = State::default();
        state.insert("a", 0);
        state.insert("b", 0);
        together(4, |_| {
            for _ in 0..200 {
                let _section = state.lock();
                let (a, b) = (number(&state, "a"), number(&state, "b"));
                assert_eq!(a, b);
                state.insert("a", a + 1);
                bump(&state, "b").unwrap();
            }
        });
        assert_eq!(number(&state, "a"), 800);
    });
}
