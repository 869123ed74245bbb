//! The threads that a run leaves. Alone in its binary, as it counts those of the whole process.

#![cfg(target_os = "linux")]

use std::fs;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use concurra_core::{Outcome, Runner};

/// Reached only when there are more or fewer threads than there should be.
const PATIENCE: Duration = Duration::from_secs(10);

fn threads() -> usize {
    fs::read_dir("/proc/self/task").expect("procfs").count()
}

/// Waits until there are so many threads: one that ends takes a moment.
fn wait_for(expected: usize) {
    let patience = Instant::now() + PATIENCE;
    while threads() != expected {
        assert!(Instant::now() < patience, "{} threads instead of {expected}", threads());
        thread::yield_now();
    }
}

#[test]
fn waves_of_timeouts_leave_no_thread_that_is_not_hung() {
    const TASKS: usize = 400;
    let before = threads();
    // How many bodies hang, and whether they may end.
    let hung = Arc::new((Mutex::new((0, false)), Condvar::new()));
    let mut runner = Runner::new().workers(8).timeout(Duration::from_millis(10));
    for task in 0..TASKS {
        let hung = Arc::clone(&hung);
        let body = move || {
            let mut inside = hung.0.lock().expect("no panic under the lock");
            inside.0 += 1;
            while !inside.1 {
                inside = hung.1.wait(inside).expect("no panic under the lock");
            }
        };
        runner.add(task.to_string(), body);
    }
    let report = runner.run().expect("a plan");
    assert_eq!(report.counts().of(Outcome::TimedOut), TASKS);
    wait_for(before + TASKS);
    let mut inside = hung.0.lock().expect("no panic under the lock");
    assert_eq!(inside.0, TASKS, "the bodies are all there");
    inside.1 = true;
    drop(inside);
    hung.1.notify_all();
    wait_for(before);
}
