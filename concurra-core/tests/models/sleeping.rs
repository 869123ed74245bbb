//! No worker sleeps while there is work, and all wake at the end.

use std::sync::Arc;

use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

use crate::sleep::Sleep;

/// Work that any worker can take.
#[derive(Default)]
struct Work {
    waiting: AtomicUsize,
    sleep: Sleep,
}

impl Work {
    fn take(&self) -> bool {
        let fewer = |waiting: usize| waiting.checked_sub(1);
        self.waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, fewer).is_ok()
    }

    /// What a queue without a lock does: the new work is visible before the wake-up.
    fn add(&self) {
        self.waiting.fetch_add(1, Ordering::Release);
        self.sleep.wake(1);
    }

    fn is_there(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > 0
    }

    /// Takes one piece of work, as a worker's loop does.
    fn work(&self) -> bool {
        loop {
            if self.take() {
                return true;
            }
            if !self.sleep.rest(|| self.is_there()) {
                return false;
            }
        }
    }
}

/// Starts a worker on a thread of its own.
fn start_worker(work: &Arc<Work>) -> thread::JoinHandle<bool> {
    let work = Arc::clone(work);
    thread::spawn(move || work.work())
}

/// A worker that sleeps while its work waits is a deadlock, which the checker reports.
#[test]
fn a_worker_that_goes_to_sleep_misses_no_work() {
    loom::model(|| {
        let work = Arc::new(Work::default());
        let worker = start_worker(&work);
        work.add();
        assert!(worker.join().expect("no panic"));
    });
}

#[test]
fn two_workers_that_go_to_sleep_miss_no_work() {
    let mut model = loom::model::Builder::new();
    // Without a bound there are too many orders; almost all mistakes need two or three switches.
    model.preemption_bound = Some(3);
    model.check(|| {
        let work = Arc::new(Work::default());
        let workers = [1, 2].map(|_| start_worker(&work));
        work.add();
        work.add();
        for worker in workers {
            assert!(worker.join().expect("no panic"));
        }
    });
}

#[test]
fn the_end_wakes_a_worker_that_goes_to_sleep() {
    loom::model(|| {
        let work = Arc::new(Work::default());
        let worker = start_worker(&work);
        work.sleep.close();
        assert!(!worker.join().expect("no panic"));
    });
}
