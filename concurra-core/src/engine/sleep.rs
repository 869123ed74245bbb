//! How idle workers sleep and are woken.
//!
//! A worker's thread belongs to a rayon pool, and while it sleeps it should help the parallel
//! iterators of bodies that run on other threads of the pool. Rayon lets a thread help while it
//! waits for another pool, so an idle worker installs a job in a pool of one thread, and that job
//! waits for the wake-up. Jobs of several idle workers queue up there; each wake-up ends one.
//!
//! A worker that was woken may be in the middle of another body's piece. The conductor hears of
//! wake-ups, at most once in a while, and looks whether they were answered.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use std::sync::mpsc::Sender;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rayon::ThreadPool;

use super::Note;
use super::worker::Worker;

/// The sleepers of a run.
#[derive(Debug, Default)]
pub(crate) struct Sleep {
    /// Workers that sleep and were not woken.
    idle: AtomicUsize,
    /// The conductor has a note of a wake-up and has not looked after it.
    noted: AtomicBool,
    /// Somebody who was woken is late, so whoever makes work has to send the conductor a note.
    late: AtomicBool,
    closed: AtomicBool,
    calls: Mutex<Calls>,
    called: Condvar,
}

#[derive(Debug, Default)]
struct Calls {
    /// Wake-ups that no sleeper took yet.
    open: usize,
    /// Sleepers that took a wake-up and are not back.
    unanswered: usize,
    /// How often one came back.
    answers: u64,
}

/// What is to be done for work that a woken worker does not come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    None,
    /// Some came, and others may be on their way.
    Unclear,
    /// Somebody else was woken.
    Woken,
    /// Nobody is left to be woken.
    Worker,
}

/// What a worker does after it slept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    Over,
    /// The run is over, or another loop has the index.
    Leave,
}

impl Sleep {
    /// Sleeps until woken; returns at once when there is work after all.
    pub(crate) fn rest(
        &self,
        worker: &Worker,
        parking: &ThreadPool,
        notes: &Sender<Note>,
        has_work: impl FnOnce() -> bool,
    ) -> Rest {
        self.idle.fetch_add(1, Ordering::SeqCst);
        // A producer that saw no idle worker must be seen here; see `wake`.
        fence(Ordering::SeqCst);
        if has_work() && self.leave() {
            return Rest::Over;
        }
        worker.fall_asleep();
        let called = parking.install(|| self.wait_for_call(notes));
        // The conductor answers for a worker whose index another loop has taken over.
        if !worker.wake_up() || self.is_closed() {
            return Rest::Leave;
        }
        if called {
            self.answer();
        }
        Rest::Over
    }

    /// Wakes sleepers, as many as there are, for that many tasks that were made available.
    ///
    /// One for each, as who is woken may find only the one it was woken for.
    pub(crate) fn wake(&self, tasks: usize, notes: &Sender<Note>) {
        if tasks == 0 {
            return;
        }
        // Work is published before idle workers are counted; see `rest`.
        fence(Ordering::SeqCst);
        for _ in 0..tasks {
            if self.idle.load(Ordering::Relaxed) == 0 || !self.leave() {
                if self.late.swap(false, Ordering::Relaxed) {
                    drop(notes.send(Note::Woken));
                }
                return;
            }
            self.calls().open += 1;
            self.called.notify_all();
        }
    }

    /// Waits on the parking thread for one wake-up; `false` when all sleep has ended.
    fn wait_for_call(&self, notes: &Sender<Note>) -> bool {
        let mut calls = self.calls();
        loop {
            if self.is_closed() {
                return false;
            }
            if calls.open > 0 {
                calls.open -= 1;
                calls.unanswered += 1;
                self.note_call(notes);
                return true;
            }
            calls = self.called.wait(calls).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Sends the conductor a note of a wake-up, after it was passed on and unless there is one.
    fn note_call(&self, notes: &Sender<Note>) {
        if !self.noted.swap(true, Ordering::AcqRel) {
            let notes = notes.clone();
            // This is the parking thread, and so the job waits until this one is done.
            rayon::spawn(move || drop(notes.send(Note::Woken)));
        }
    }

    /// A worker that was woken is back, or somebody does its work.
    pub(crate) fn answer(&self) {
        let mut calls = self.calls();
        calls.unanswered = calls.unanswered.saturating_sub(1);
        calls.answers += 1;
    }

    /// How many wake-ups were answered.
    pub(crate) fn answers(&self) -> u64 {
        self.calls().answers
    }

    /// Finds out whether work waits for workers that were woken and do not come: none has since
    /// there were that many `answers`.
    pub(crate) fn lack(&self, answers: u64, has_work: impl FnOnce() -> bool) -> Lack {
        let mut calls = self.calls();
        if calls.unanswered == 0 {
            self.noted.store(false, Ordering::Release);
            return Lack::None;
        }
        if calls.answers != answers {
            return Lack::Unclear;
        }
        self.late.store(true, Ordering::Relaxed);
        // Whoever makes work that is not seen here sees that somebody is late; see `wake`.
        fence(Ordering::SeqCst);
        if !has_work() {
            self.noted.store(false, Ordering::Release);
            return Lack::None;
        }
        if !self.leave() {
            return Lack::Worker;
        }
        calls.open += 1;
        drop(calls);
        self.called.notify_all();
        Lack::Woken
    }

    /// Ends all sleep for good.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        // A sleeper looks at the flag under the lock, so it hears this call or sees the flag.
        drop(self.calls());
        self.called.notify_all();
    }

    /// Whether all sleep has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Takes one worker off the count of idle ones.
    fn leave(&self) -> bool {
        let fewer = |idle: usize| idle.checked_sub(1);
        self.idle.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer).is_ok()
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
