//! State as its users see it: values, updates, sections, parameters, messages.

mod deadlocks;
mod sections;
mod updates;
mod values;

use std::sync::Barrier;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use concurra_core::{State, StateError};

/// Fails instead of hanging. Only a deadlock takes that long.
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

/// Runs the work on so many threads, which start together and each get a number.
fn together(threads: usize, work: impl Fn(usize) + Sync) {
    let start = Barrier::new(threads);
    thread::scope(|scope| {
        for number in 0..threads {
            let (start, work) = (&start, &work);
            scope.spawn(move || {
                start.wait();
                work(number);
            });
        }
    });
}

fn bump(state: &State, key: &str) -> Result<(), StateError> {
    state.update(key, || 0, |n: &mut i32| *n += 1)
}

/// The number under a key, which must be there.
fn number(state: &State, key: &str) -> i32 {
    *state.get::<i32>(key).unwrap()
}
