//! Tests that look at the waiting threads.

use std::sync::Barrier;
use std::sync::mpsc::channel;
use std::thread;

use super::locks::waiters;
use super::{State, StateError};

/// Returns when so many threads wait for something of the state.
fn until_waiting(state: &State, threads: usize) {
    while waiters(state.id) < threads {
        thread::yield_now();
    }
}

#[test]
fn an_insert_waits_for_the_update_of_its_key() {
    let state = State::default();
    state.insert("k", 1);
    thread::scope(|scope| {
        let (entered, inside) = channel();
        let state = &state;
        scope.spawn(move || {
            inside.recv().expect("the update is under way");
            state.insert("k", 100);
        });
        let change = |k: &mut i32| {
            entered.send(()).expect("the other thread listens");
            until_waiting(state, 1);
            *k += 1;
        };
        state.update("k", || 0, change).expect("the update wins");
    });
    assert_eq!(*state.get::<i32>("k").expect("stored"), 100);
}

#[test]
fn a_key_of_its_own_does_not_wait() {
    let state = State::default();
    thread::scope(|scope| {
        let state = &state;
        let (entered, inside) = channel();
        let (done, go_on) = channel();
        scope.spawn(move || {
            inside.recv().expect("the update is under way");
            state.update("b", || 0, |n: &mut i32| *n += 1).expect("another key");
            done.send(()).expect("the updater listens");
        });
        let change = |n: &mut i32| {
            entered.send(()).expect("the other thread listens");
            go_on.recv().expect("the other key was updated meanwhile");
            *n += 1;
        };
        state.update("a", || 0, change).expect("its own key");
    });
    assert_eq!(state.keys(), ["a", "b"]);
}

#[test]
fn an_insert_that_would_deadlock_fails_the_update_around_it() {
    let state = State::default();
    let both_hold = Barrier::new(2);
    thread::scope(|scope| {
        let (state, both_hold) = (&state, &both_hold);
        let other = scope.spawn(move || {
            let nested = |_: &mut i32| {
                both_hold.wait();
                state.update("a", || 0, |n: &mut i32| *n += 1)
            };
            state.update("b", || 0, nested).and_then(|inner| inner)
        });
        let change = |n: &mut i32| {
            both_hold.wait();
            until_waiting(state, 1);
            state.insert("b", 5);
            *n = 7;
        };
        let error = state.update("a", || 0, change).expect_err("the insert was refused");
        let (wanted, held) = (r#""b""#.into(), r#""a""#.into());
        assert_eq!(error, StateError::WouldDeadlock { wanted, held });
        assert_eq!(other.join().expect("no panic"), Ok(()));
    });
    assert_eq!(*state.get::<i32>("a").expect("the other's"), 1);
    assert_eq!(*state.get::<i32>("b").expect("the other's"), 0);
}

/// Another thread updates `k` and waits in it for the section, which this thread holds.
fn while_an_update_waits_for_our_section(work: impl FnOnce(&State)) {
    let state = State::default();
    thread::scope(|scope| {
        let section = state.lock();
        let other = scope.spawn(|| state.update("k", || 0, |_: &mut i32| drop(state.lock())));
        until_waiting(&state, 1);
        work(&state);
        drop(section);
        assert_eq!(other.join().expect("no panic"), Ok(()));
    });
}

#[test]
fn an_update_in_a_section_that_would_deadlock_is_refused() {
    while_an_update_waits_for_our_section(|state| {
        let error = state.update("k", || 0, |n: &mut i32| *n += 1).expect_err("a circle");
        let (wanted, held) = (r#""k""#.into(), "`state.lock()`".into());
        assert_eq!(error, StateError::WouldDeadlock { wanted, held });
    });
}

#[test]
fn an_insert_in_a_section_that_would_deadlock_panics() {
    while_an_update_waits_for_our_section(|state| {
        let insert = std::panic::AssertUnwindSafe(|| state.insert("k", 1));
        let panic = std::panic::catch_unwind(insert).expect_err("nothing can report it");
        let message = panic.downcast_ref::<String>().expect("text");
        assert!(message.starts_with(r#"waiting for "k" would be a deadlock"#), "{message}");
    });
}

#[test]
fn a_plain_insert_does_not_wait_for_a_section() {
    let state = State::default();
    let _section = state.lock();
    thread::scope(|scope| {
        scope.spawn(|| state.insert("k", 1)).join().expect("it returned");
    });
    assert!(state.contains("k"));
}

#[test]
fn a_section_excludes_sections() {
    let state = State::default();
    thread::scope(|scope| {
        let section = state.lock();
        let other = scope.spawn(|| {
            let _section = state.lock();
            *state.get::<i32>("k").expect("stored under the lock")
        });
        until_waiting(&state, 1);
        state.insert("k", 1);
        drop(section);
        assert_eq!(other.join().expect("no panic"), 1);
    });
}

#[test]
fn parameters_that_nothing_asked_for_are_known() {
    let params = ["region", "retry", "set"].map(|name| (name.to_owned(), "1".to_owned()));
    let state = State::with_params(params.into());
    let unread = |state: &State| {
        let all = state.unread_params().into_iter();
        all.map(|param| (param.name, param.nearest)).collect::<Vec<_>>()
    };
    assert_eq!(unread(&state).len(), 3);
    assert_eq!(state.param("regoin"), None);
    assert_eq!(state.param_or("set", 0), Ok(1));
    assert!(state.param_as::<u8>("other").is_err());
    let expected = [("region", vec!["regoin"]), ("retry", vec![])];
    let expected = expected.map(|(name, near)| {
        (name.to_owned(), near.into_iter().map(str::to_owned).collect::<Vec<_>>())
    });
    assert_eq!(unread(&state), expected);
    // Code that makes up names costs no memory, and parameters are known all the same.
    (0..2000).for_each(|number| assert_eq!(state.param(&number.to_string()), None));
    assert_eq!(state.param("retry"), Some("1"));
    assert_eq!(unread(&state).len(), 1);
}
