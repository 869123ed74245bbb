//! Updates: none is lost; which calls their closures may make.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use concurra_core::{State, StateError};

use crate::{bump, number, together, watched};

#[test]
fn no_update_is_lost() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 500;
    watched(|| {
        let state = State::default();
        together(THREADS, |_| {
            for _ in 0..ROUNDS {
                state.update("hits", || 0, |n: &mut usize| *n += 1).unwrap();
            }
        });
        assert_eq!(*state.get::<usize>("hits").unwrap(), THREADS * ROUNDS);
    });
}

#[test]
fn a_reader_does_not_wait_for_an_update() {
    watched(|| {
        let state = State::default();
        state.insert("k", 1);
        let change = |k: &mut i32| {
            *k = 2;
            thread::scope(|scope| scope.spawn(|| number(&state, "k")).join().unwrap())
        };
        let seen = state.update("k", || 0, change);
        assert_eq!((seen, number(&state, "k")), (Ok(1), 2));
    });
}

#[test]
fn a_closure_may_use_other_keys_and_the_lock() {
    let state = State::default();
    state.insert("step", 5);
    let change = |n: &mut i32| {
        let _section = state.lock();
        *n += number(&state, "step");
        state.insert("last", *n);
        bump(&state, "count").unwrap();
    };
    state.update("n", || 100, change).unwrap();
    assert_eq!(number(&state, "n"), 105);
    assert_eq!(number(&state, "last"), 105);
    assert_eq!(number(&state, "count"), 1);
}

#[test]
fn a_closure_cannot_use_its_own_key() {
    let state = State::default();
    state.insert("k", 1);
    let in_use = StateError::InUse { key: "k".into() };
    let change = |k: &mut i32| {
        *k = 2;
        (state.get::<i32>("k").unwrap_err(), bump(&state, "k").unwrap_err())
    };
    let inner = state.update("k", || 0, change);
    assert_eq!(inner, Ok((in_use.clone(), in_use.clone())));
    assert_eq!(number(&state, "k"), 2);

    // These return no error of their own, so the update fails and changes nothing.
    let insert = state.update("k", || 0, |k: &mut i32| (*k = 3, state.insert("k", 4)));
    assert_eq!(insert.unwrap_err(), in_use);
    let remove = state.update("k", || 0, |k: &mut i32| (*k = 3, state.remove("k")));
    assert_eq!(remove.unwrap_err(), in_use);
    assert_eq!(number(&state, "k"), 2);

    // From an update inside: the one of the key in question fails, not the inner one.
    let nested = |_: &mut i32| state.update("other", || 0, |_: &mut i32| state.insert("k", 9));
    assert_eq!(state.update("k", || 0, nested).unwrap_err(), in_use);
    assert!(state.contains("other"));

    let default = || {
        assert_eq!(state.get::<i32>("new").unwrap_err(), StateError::InUse { key: "new".into() });
        1
    };
    state.update("new", default, |n| *n += 1).unwrap();
    assert_eq!(number(&state, "new"), 2);
    assert_eq!(
        in_use.to_string(),
        "\"k\" was used inside its own update; \
         read and change the closure's `&mut` value"
    );
}

#[test]
fn a_key_of_another_state_is_another_key() {
    let (a, b) = (State::default(), State::default());
    a.update("k", || 0, |_: &mut i32| b.insert("k", 1)).unwrap();
    b.update("k", || 0, |n: &mut i32| *n += number(&a, "k")).unwrap();
}

#[test]
fn a_panic_leaves_the_value_and_frees_the_key() {
    let state = State::default();
    state.insert("k", 1);
    let change = |k: &mut i32| {
        *k = 2;
        panic!("in change")
    };
    catch_unwind(AssertUnwindSafe(|| state.update("k", || 0, change))).unwrap_err();
    let default = || -> i32 { panic!("in default") };
    catch_unwind(AssertUnwindSafe(|| state.update("new", default, |_| ()))).unwrap_err();
    assert_eq!(number(&state, "k"), 1);
    assert!(!state.contains("new"));
    watched(move || {
        thread::spawn(move || {
            bump(&state, "k").unwrap();
            bump(&state, "new").unwrap();
        })
        .join()
        .unwrap();
    });
}

/// Uses its own key in `Clone` and `Drop`, as an unlucky user's type may.
struct Meddler {
    state: Arc<State>,
    drops: Arc<AtomicUsize>,
}

impl Clone for Meddler {
    fn clone(&self) -> Self {
        assert!(matches!(self.state.get::<Self>("m"), Err(StateError::InUse { .. })));
        bump(&self.state, "clones").unwrap();
        Self { state: Arc::clone(&self.state), drops: Arc::clone(&self.drops) }
    }
}

impl Drop for Meddler {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::Relaxed);
        self.state.insert("dropped", ());
        // The key of the value itself is free by the time that the value is dropped.
        assert!(!matches!(bump(&self.state, "m"), Err(StateError::InUse { .. })));
    }
}

#[test]
fn clone_and_drop_of_a_value_may_use_the_state() {
    watched(|| {
        let state = Arc::new(State::default());
        let drops = Arc::new(AtomicUsize::new(0));
        let fresh = || Meddler { state: Arc::clone(&state), drops: Arc::clone(&drops) };
        state.insert("m", fresh());
        state.insert("m", fresh());
        state.update("m", fresh, |_| ()).unwrap();
        assert!(state.contains("dropped"));
        assert_eq!(number(&state, "clones"), 1);
        // A refused update drops its copy, after the key is free as well.
        state.update("m", fresh, |_| state.insert("m", 1)).unwrap_err();
        assert!(state.remove("m"));
        assert_eq!(drops.load(Ordering::Relaxed), 4);
    });
}
