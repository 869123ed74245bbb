//! State as its users see it: values, updates, sections, parameters, messages.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use concurra_core::{Section, State, StateError};

/// Fails instead of hanging. The time is no proof of anything: it is only reached by a deadlock.
fn watched(work: impl FnOnce() + Send + 'static) {
    let (done, finished) = channel();
    let worker = thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    match finished.recv_timeout(Duration::from_secs(60)) {
        Err(RecvTimeoutError::Timeout) => panic!("still waiting after a minute: a deadlock"),
        _ => worker.join().expect("the work panicked"),
    }
}

fn bump(state: &State, key: &str) -> Result<(), StateError> {
    state.update(key, || 0, |n: &mut i32| *n += 1)
}

#[test]
fn values_are_found_by_key_and_type() {
    let state = State::default();
    assert!(state.keys().is_empty());
    state.insert("x", 10);
    state.insert(String::from("name"), "n");
    assert_eq!(*state.get::<i32>("x").unwrap(), 10);
    assert_eq!(*state.get::<&str>("name").unwrap(), "n");
    assert_eq!(state.keys(), ["name", "x"]);
    state.insert("x", String::from("of another type"));
    assert!(state.get::<i32>("x").is_err());
    assert!(state.contains("x") && state.remove("x"));
    assert!(!state.contains("x") && !state.remove("x"));
}

#[test]
fn errors_name_key_types_and_a_way_out() {
    let state = State::default();
    state.insert("cfg", 1);
    state.insert("x", 1);
    let say = |key| state.get::<String>(key).unwrap_err().to_string();
    assert_eq!(say("cfq"), r#"state has no key "cfq"; did you mean "cfg"?"#);
    assert_eq!(say("other"), r#"state has no key "other""#);
    assert_eq!(say("x"), r#""x" holds an i32, not a String"#);
    let changed = state.update("x", String::new, |_| ());
    assert_eq!(changed.unwrap_err().to_string(), r#""x" holds an i32, not a String"#);
    assert_eq!(*state.get::<i32>("x").unwrap(), 1);
}

#[test]
fn types_of_one_name_are_told_apart() {
    mod a {
        #[derive(Debug)]
        pub(super) struct Config;
    }
    #[derive(Debug)]
    struct Config;
    let state = State::default();
    state.insert("c", a::Config);
    let message = state.get::<Config>("c").unwrap_err().to_string();
    assert!(message.contains("::a::Config, not a state::"), "{message}");
}

#[test]
fn parameters_are_read_and_parsed() {
    let given = [("orders", "12"), ("env", "dev")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    let state = State::with_params(BTreeMap::from(given));
    assert_eq!(state.param("env"), Some("dev"));
    assert_eq!(state.param("none"), None);
    assert_eq!(state.param_as::<u32>("orders"), Ok(12));
    let say = |key| state.param_as::<u32>(key).unwrap_err().to_string();
    assert_eq!(
        say("env"),
        r#"parameter "env" is "dev", which is not a u32: invalid digit found in string"#
    );
    assert_eq!(say("order"), r#"no parameter "order" was given; did you mean "orders"?"#);
    assert_eq!(say("size"), r#"no parameter "size" was given; pass --size=VALUE"#);
}

#[test]
fn debug_shows_keys_and_no_values() {
    let given = BTreeMap::from([("token".to_owned(), "hush".to_owned())]);
    let state = State::with_params(given);
    state.insert("password", "secret");
    assert_eq!(format!("{state:?}"), r#"State { keys: ["password"], params: ["token"], .. }"#);
}

#[test]
fn types_travel_between_threads() {
    fn travels<T: Send + Sync + 'static>() {}
    travels::<State>();
    travels::<StateError>();
    travels::<concurra_core::ResultError>();
}

#[test]
fn no_update_is_lost() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 500;
    watched(|| {
        let state = State::default();
        let start = Barrier::new(THREADS);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    start.wait();
                    for _ in 0..ROUNDS {
                        state.update("hits", || 0, |n: &mut usize| *n += 1).unwrap();
                    }
                });
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
        let seen = state.update(
            "k",
            || 0,
            |k: &mut i32| {
                *k = 2;
                thread::scope(|scope| {
                    scope.spawn(|| *state.get::<i32>("k").unwrap()).join().unwrap()
                })
            },
        );
        assert_eq!((seen, *state.get::<i32>("k").unwrap()), (Ok(1), 2));
    });
}

#[test]
fn a_closure_may_use_other_keys_and_the_lock() {
    let state = State::default();
    state.insert("step", 5);
    let change = |n: &mut i32| {
        let _section = state.lock();
        *n += *state.get::<i32>("step").unwrap();
        state.insert("last", *n);
        bump(&state, "count").unwrap();
    };
    state.update("n", || 100, change).unwrap();
    assert_eq!(*state.get::<i32>("n").unwrap(), 105);
    assert_eq!(*state.get::<i32>("last").unwrap(), 105);
    assert_eq!(*state.get::<i32>("count").unwrap(), 1);
}

#[test]
fn a_closure_cannot_use_its_own_key() {
    let state = State::default();
    state.insert("k", 1);
    let in_use = StateError::InUse { key: "k".into() };
    let inner = state.update(
        "k",
        || 0,
        |k: &mut i32| {
            *k = 2;
            (state.get::<i32>("k").unwrap_err(), bump(&state, "k").unwrap_err())
        },
    );
    assert_eq!(inner, Ok((in_use.clone(), in_use.clone())));
    assert_eq!(*state.get::<i32>("k").unwrap(), 2);

    // These return no error of their own, so the update fails and changes nothing.
    let insert = state.update("k", || 0, |k: &mut i32| (*k = 3, state.insert("k", 4)));
    assert_eq!(insert.unwrap_err(), in_use);
    let remove = state.update("k", || 0, |k: &mut i32| (*k = 3, state.remove("k")));
    assert_eq!(remove.unwrap_err(), in_use);
    assert_eq!(*state.get::<i32>("k").unwrap(), 2);

    // From an update inside: the one of the key in question fails, not the inner one.
    let nested = |_: &mut i32| state.update("other", || 0, |_: &mut i32| state.insert("k", 9));
    assert_eq!(state.update("k", || 0, nested).unwrap_err(), in_use);
    assert!(state.contains("other"));

    let default = || {
        assert_eq!(state.get::<i32>("new").unwrap_err(), StateError::InUse { key: "new".into() });
        1
    };
    state.update("new", default, |n| *n += 1).unwrap();
    assert_eq!(*state.get::<i32>("new").unwrap(), 2);
    assert_eq!(
        in_use.to_string(),
        "\"k\" was used inside its own update; \
         read and change the `&mut` value that the closure is given"
    );
}

#[test]
fn a_key_of_another_state_is_another_key() {
    let (a, b) = (State::default(), State::default());
    a.update("k", || 0, |_: &mut i32| b.insert("k", 1)).unwrap();
    b.update("k", || 0, |n: &mut i32| *n += *a.get::<i32>("k").unwrap()).unwrap();
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
    assert_eq!(*state.get::<i32>("k").unwrap(), 1);
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
        assert_eq!(*state.get::<i32>("clones").unwrap(), 1);
        // A refused update drops its copy, after the key is free as well.
        state.update("m", fresh, |_| state.insert("m", 1)).unwrap_err();
        assert!(state.remove("m"));
        assert_eq!(drops.load(Ordering::Relaxed), 4);
    });
}

#[test]
fn nested_updates_in_opposite_order_do_not_hang() {
    watched(|| {
        let state = State::default();
        let both_hold = Barrier::new(2);
        let cross = |first: &str, second: &str| {
            let change = |_: &mut i32| {
                both_hold.wait();
                bump(&state, second)
            };
            state.update(first, || 0, change).unwrap()
        };
        let (left, right) = thread::scope(|scope| {
            let other = scope.spawn(|| cross("b", "a"));
            (cross("a", "b"), other.join().unwrap())
        });
        // The second to wait closes the circle; with its refusal the first can go on.
        let refused = [left, right].into_iter().filter_map(Result::err).collect::<Vec<_>>();
        assert!(matches!(&*refused, [StateError::WouldDeadlock { .. }]), "{refused:?}");
        let message = refused[0].to_string();
        assert!(message.starts_with("waiting for \""), "{message}");
    });
}

#[test]
fn a_circle_of_three_is_broken_once() {
    watched(|| {
        let state = State::default();
        let all_hold = Barrier::new(3);
        let refused = thread::scope(|scope| {
            let threads = [("a", "b"), ("b", "c"), ("c", "a")].map(|(first, second)| {
                let (state, all_hold) = (&state, &all_hold);
                scope.spawn(move || {
                    let change = |_: &mut i32| {
                        all_hold.wait();
                        bump(state, second)
                    };
                    state.update(first, || 0, change).unwrap()
                })
            });
            threads.map(|thread| thread.join().unwrap()).iter().filter(|end| end.is_err()).count()
        });
        assert_eq!(refused, 1);
    });
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

#[test]
fn the_lock_is_reentrant_and_given_back_at_the_last() {
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
        let start = Barrier::new(4);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    start.wait();
                    for _ in 0..200 {
                        let _section = state.lock();
                        let (a, b) =
                            (state.get::<i32>("a").unwrap(), state.get::<i32>("b").unwrap());
                        assert_eq!(a, b);
                        state.insert("a", *a + 1);
                        bump(&state, "b").unwrap();
                    }
                });
            }
        });
        assert_eq!(*state.get::<i32>("a").unwrap(), 800);
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
        let start = Barrier::new(4);
        thread::scope(|scope| {
            for thread in 1..=4_u64 {
                let (state, counted, start) = (&state, &counted, &start);
                scope.spawn(move || {
                    let mut seed = thread.wrapping_mul(0x9E37_79B9_7F4A_7C15);
                    start.wait();
                    for _ in 0..300 {
                        nest(state, &mut seed, 0, counted);
                    }
                });
            }
        });
        for (key, count) in KEYS.iter().zip(&counted) {
            let value = state.get::<usize>(key).map_or(0, |n| *n);
            assert_eq!(value, count.load(Ordering::Relaxed), "{key}");
        }
    });
}
