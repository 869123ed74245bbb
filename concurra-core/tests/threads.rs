//! A body that hangs keeps its own thread and no other. Alone in its binary, as it counts the
//! threads of the whole process.

#![cfg(target_os = "linux")]

use std::fs;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use concurra_core::{Outcome, Runner, is_cancelled};

/// The names of this process's threads.
fn threads() -> Vec<String> {
    let threads = fs::read_dir("/proc/self/task").expect("procfs").flatten();
    threads.filter_map(|thread| fs::read_to_string(thread.path().join("comm")).ok()).collect()
}

/// Waits until only so many threads are left; a thread that ends is still counted for a moment.
fn falls_to(count: usize) {
    let patience = Instant::now() + Duration::from_secs(30);
    while threads().len() > count {
        assert!(Instant::now() < patience, "more than {count} threads: {:?}", threads());
        thread::yield_now();
    }
}

#[test]
fn what_hangs_keeps_no_thread_but_its_own() {
    let before = threads().len();
    // The last ones hang in waves of eight, each of which is abandoned before the next.
    for (workers, hanging) in [(1, 1), (2, 1), (8, 3), (8, 20), (8, 400)] {
        let mut runner = Runner::new().workers(workers).on_task_done(|_| ());
        let mut ends = Vec::new();
        for task in 0..hanging {
            let (end, wait) = channel::<()>();
            ends.push(end);
            runner
                .add(format!("hangs {task}"), move || {
                    let _ = wait.recv();
                })
                .timeout(Duration::from_millis(1));
        }
        runner.add_all((0..50).map(|task| (format!("quick {task}"), || ())));
        let report = runner.run().expect("a plan");
        assert_eq!(report.counts().of(Outcome::TimedOut), hanging);
        falls_to(before + hanging);
        drop(ends);
        falls_to(before);
    }
    many_that_end_when_they_are_asked(before);
}

/// Ten thousand in waves of eight, of which none is left.
fn many_that_end_when_they_are_asked(before: usize) {
    let mut runner = Runner::new().workers(8).timeout(Duration::from_millis(1));
    let waits = || {
        while !is_cancelled() {
            thread::sleep(Duration::from_micros(100));
        }
    };
    runner.add_all((0..10_000).map(|task| (task.to_string(), waits)));
    let report = runner.run().expect("a plan");
    assert_eq!(report.counts().of(Outcome::TimedOut), 10_000);
    falls_to(before);
}
