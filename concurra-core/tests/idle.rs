//! A run whose tasks all wait uses no CPU. Alone in its binary, as it measures the whole process.

#![cfg(target_os = "linux")]

use std::fs;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use concurra_core::Runner;

/// The time that all threads of this process have spent on a core.
fn on_cpu() -> Duration {
    let threads = fs::read_dir("/proc/self/task").expect("procfs");
    let spent = |thread: fs::DirEntry| {
        let text = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
    };
    Duration::from_nanos(threads.flatten().map(spent).sum())
}

#[test]
fn a_run_whose_tasks_wait_uses_no_cpu() {
    // With fewer waiting tasks than workers the others are idle, with as many none is.
    for (workers, waiting) in [(1, 1), (2, 1), (2, 2), (8, 1), (8, 5), (8, 8)] {
        let mut runner = Runner::new().workers(workers).on_task_done(|_| ());
        let (begun, all_wait) = channel();
        let mut ends = Vec::new();
        for task in 0..waiting {
            let (end, wait) = channel::<()>();
            ends.push(end);
            let begun = begun.clone();
            runner.add(task.to_string(), move || {
                begun.send(()).expect("the test listens");
                wait.recv().expect("the test ends it");
            });
        }
        runner.add("behind", || ()).after(["0"]);
        let run = thread::spawn(|| runner.run());
        let patience = Duration::from_secs(60);
        (0..waiting).for_each(|_| all_wait.recv_timeout(patience).expect("they all run"));
        // Idle workers look around a little before they sleep.
        thread::sleep(Duration::from_millis(100));
        let before = on_cpu();
        thread::sleep(Duration::from_secs(1));
        let used = on_cpu() - before;
        assert!(
            used < Duration::from_millis(20),
            "{used:?} of CPU in a second, {waiting} tasks waiting on {workers} workers"
        );
        ends.iter().for_each(|end| end.send(()).expect("it waits"));
        assert!(run.join().expect("no panic").expect("a plan").is_good());
    }
}
