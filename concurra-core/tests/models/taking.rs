//! Who takes the content of a task.

use std::sync::Arc;

use loom::sync::atomic::{AtomicU32, Ordering};
use loom::thread;

use crate::status::Status;

const WAITING: u8 = 0;
const RUNNING: u8 = 1;
const PASSED: u8 = 3;
const CANCELLED: u8 = 4;

/// Changes the content: the checker reports when another thread may have it at the same time.
fn use_up(content: Option<&mut u32>) -> u32 {
    content.map_or(0, |content| {
        *content += 1;
        *content
    })
}

#[test]
fn one_worker_or_the_stop_has_the_content() {
    loom::model(|| {
        let mut status = Status::new(WAITING, 1);
        *status.content_mut() = 0;
        let status = Arc::new(status);
        let worker = |status: Arc<Status<u32>>| {
            move || {
                let Some(content) = status.turn_and_take(WAITING, RUNNING) else { return (0, 0) };
                let taken = use_up(content);
                (taken, u32::from(status.turn(RUNNING, PASSED)))
            }
        };
        let workers = [1, 2].map(|_| thread::spawn(worker(Arc::clone(&status))));
        // A stop ends the task in either status, then takes the content unless a worker has it.
        let ended = status.turn(WAITING, CANCELLED) || status.turn(RUNNING, CANCELLED);
        let mut taken = if ended { use_up(status.take()) } else { 0 };
        let mut ends = u32::from(ended);
        for worker in workers {
            let (took, ended) = worker.join().expect("no panic");
            taken += took;
            ends += ended;
        }
        assert_eq!((taken, ends), (1, 1), "the content was taken once, and the task ended once");
    });
}

#[test]
fn a_task_that_starts_again_has_no_content_and_keeps_its_mark() {
    loom::model(|| {
        let mut status = Status::new(WAITING, 0);
        status.set_always();
        let status = Arc::new(status);
        let other = Arc::clone(&status);
        let other = thread::spawn(move || {
            let again = other.turn_and_take(WAITING, RUNNING);
            again.map_or(0, use_up)
        });
        let mut taken = 0;
        if let Some(content) = status.turn_and_take(WAITING, RUNNING) {
            taken += use_up(content);
            assert!(status.turn(RUNNING, WAITING));
        }
        taken += other.join().expect("no panic");
        assert_eq!(taken, 1);
        assert!(status.is_always());
        assert!(matches!(status.get(), WAITING | RUNNING));
    });
}

#[test]
fn who_sees_the_outcome_sees_the_record() {
    loom::model(|| {
        let status = Arc::new(Status::new(RUNNING, ()));
        let record = Arc::new(AtomicU32::new(0));
        let (seen, kept) = (Arc::clone(&status), Arc::clone(&record));
        let reader = thread::spawn(move || {
            if seen.get() == PASSED {
                assert_eq!(kept.load(Ordering::Relaxed), 7);
            }
        });
        record.store(7, Ordering::Relaxed);
        assert!(status.turn(RUNNING, PASSED));
        reader.join().expect("no panic");
    });
}
