//! Deadlocks are refused.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use concurra_core::{Section, State, StateError};

use crate::{bump, together, watched};

/// A thread for each key holds it and then wants the next one: the refusals.
fn circle(keys: &[&str]) -> Vec<StateError> {
    let state = State::default();
    let all_hold = Barrier::new(keys.len());
    let hold = |first: &str, second: &str| {
        let change = |_: &mut i32| {
            all_hold.wait();
            bump(&state, second)
        };
        state.update(first, || 0, change).unwrap()
    };
    thread::scope(|scope| {
        let pairs = keys.iter().zip(keys.iter().cycle().skip(1));
        let threads: Vec<_> =
            pairs.map(|(first, second)| scope.spawn(|| hold(first, second))).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap().err()).collect()
    })
}

/// The last to wait closes the circle; with its refusal the others can go on.
fn is_broken_once(keys: &'static [&str]) {
    watched(|| {
        let refused = circle(keys);
        assert!(matches!(&*refused, [StateError::WouldDeadlock { .. }]), "{refused:?}");
        let message = refused[0].to_string();
        assert!(message.starts_with("waiting for \""), "{message}");
    });
}

#[test]
fn nested_updates_in_opposite_order_do_not_hang() {
    is_broken_once(&["a", "b"]);
}

#[test]
fn a_circle_of_three_is_broken_once() {
    is_broken_once(&["a", "b", "c"]);
}

#[test]
fn a_section_against_an_update_does_not_hang() {
    watched(|| {
        let state = State::default();
        let both_hold = Barrier::new(2);
        let (section_first, update_first) = thread::scope(|scope| {
            let other = scope.spawn(|| {
                catch_unwind(AssertUnwindSafe(|| {
                    let change = |_: &mut i32| {
                        both_hold.wait();
                        drop::<Section<'_>>(state.lock());
                    };
                    state.update("k", || 0, change).unwrap();
                }))
            });
            let section = state.lock();
            both_hold.wait();
            let result = bump(&state, "k");
            drop(section);
            (result, other.join().unwrap())
        });
        // Whichever waits second is refused: the update by its error, the lock by a panic.
        match (section_first, update_first) {
            (Err(StateError::WouldDeadlock { .. }), Ok(())) => {}
            (Ok(()), Err(panic)) => {
                let message = panic.downcast_ref::<String>().unwrap();
                assert!(message.starts_with("waiting for `state.lock()` would"), "{message}");
            }
            other => panic!("{other:?}"),
        }
        drop(state.lock());
    });
}

/// Random nestings of updates and sections: they all end, and exactly the successes count.
#[test]
fn any_nesting_ends_and_counts() {
    const KEYS: [&str; 4] = ["a", "b", "c", "d"];

    fn step(seed: &mut u64) -> usize {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        usize::try_from(*seed >> 33).unwrap()
    }

    fn nest(state: &State, seed: &mut u64, depth: usize, counted: &[AtomicUsize; 4]) {
        let key = step(seed) % KEYS.len();
        let _section = (depth == 0 && step(seed).is_multiple_of(3)).then(|| state.lock());
        let change = |n: &mut usize| {
            *n += 1;
            if depth < 3 {
                nest(state, seed, depth + 1, counted);
            }
        };
        if state.update(KEYS[key], || 0, change).is_ok() {
            counted[key].fetch_add(1, Ordering::Relaxed);
        }
    }

    watched(|| {
        let state = State::default();
        let counted = [const { AtomicUsize::new(0) }; 4];
        together(4, |thread| {
            let mut seed = (thread as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            for _ in 0..300 {
                nest(&state, &mut seed, 0, &counted);
            }
        });
        for (key, count) in KEYS.iter().zip(&counted) {
            let value = state.get::<usize>(key).map_or(0, |n| *n);
            assert_eq!(value, count.load(Ordering::Relaxed), "{key}");
        }
    });
}
