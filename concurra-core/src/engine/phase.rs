//! The worker loops of a run, or of its `always` tasks after a stop.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::clock::Clock;
use super::nanos;
use super::pool::Pool;
use super::ready::Queue;
use super::run::{LoopStart, Run};
use super::worker::{AbandonedBody, Worker};
use super::worker_loop;
use crate::event::Event;
use crate::settings::Settings;

pub(super) struct Phase {
    pub(super) run: Arc<Run>,
    pool: Arc<Pool>,
    pub(super) clock: Clock,
    /// The worker at each index.
    pub(super) workers: Vec<Arc<Worker>>,
    pub(super) abandoned: Vec<AbandonedBody>,
}

impl Phase {
    /// Starts the loops.
    pub(super) fn start(run: Run, pool: Arc<Pool>, settings: &Settings) -> Self {
        let (workers, run, mut clock) = (run.workers(), Arc::new(run), Clock::default());
        pool.idle.call(Arc::downgrade(&run));
        settings.run_timeout().into_iter().for_each(|limit| clock.look_at(nanos(limit)));
        let now = run.now();
        settings.slow.into_iter().for_each(|slow| clock.look_at(now.saturating_add(nanos(slow))));
        Self { run, pool, clock, workers, abandoned: Vec::new() }
    }

    /// Whether something is due.
    pub(super) fn is_due(&self) -> bool {
        self.clock.due().is_some_and(|due| due <= self.run.now())
    }

    /// Lets a new loop take over an index, on a thread of its own.
    pub(super) fn replace(&mut self, index: usize) -> io::Result<()> {
        let worker = Worker::new(index);
        self.workers[index] = Arc::clone(&worker);
        let start = LoopStart { worker, queue: Queue::taking_over(index) };
        let (run, thread) = (Arc::clone(&self.run), thread::Builder::new());
        let started = thread
            .name(format!("worker-{index}"))
            .spawn(move || worker_loop::work(run, start))
            .map(drop);
        if started.is_err() {
            self.run.loops.leave();
        }
        started
    }

    /// Lets no other loop begin.
    pub(super) fn close(&self) {
        while self.run.take_start().is_some() {
            self.run.loops.leave();
        }
    }

    /// Returns the abandoned bodies. Keeps the pool for the next run, unless a loop is left on it.
    pub(super) fn end(self) -> Vec<AbandonedBody> {
        if self.abandoned.is_empty() && !self.run.loops.are_open() {
            self.pool.give_back();
        }
        self.abandoned
    }

    /// Reports tasks that have been running for another period of so many nanoseconds.
    pub(super) fn report_slow(&mut self, length: u64, now: u64) {
        self.clock.look_at(now.saturating_add(length));
        self.run.running.each(|task, attempt| {
            let Some((started, _)) = self.run.table.times(task, now) else { return };
            let running = Duration::from_nanos(now).saturating_sub(started);
            let periods = nanos(running) / length;
            let next = nanos(started).saturating_add(length.saturating_mul(periods + 1));
            self.clock.look_at(next);
            if periods > std::mem::replace(&mut attempt.slow, periods) {
                self.run.events.send(|| Event::Slow { task, running });
            }
        });
    }
}
