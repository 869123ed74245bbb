//! The worker loops of a run, or of what is left of it after a stop.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use super::clock::Clock;
use super::pools::Pools;
use super::ready::Queue;
use super::run::{LoopStart, Run};
use super::sleep::Lack;
use super::worker::{AbandonedBody, Worker};
use super::worker_loop;
use super::{Note, nanos};
use crate::event::Event;
use crate::settings::Settings;

/// How long a worker may take to leave when no body runs any more, also on a busy machine. One that
/// takes longer helps with a piece that its task spawned and did not wait for.
pub(super) const EXIT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a woken worker may be busy helping before another is woken in its start.
const ANSWER_WITHIN: Duration = Duration::from_millis(1);

/// How long, when there is no other, before its index is taken over: on a busy machine a worker may
/// just be slow to wake up.
const COME_WITHIN: Duration = Duration::from_millis(20);

/// How long a loop may take to begin on a pool that an earlier run used: a thread may still be busy
/// with what a task of that run spawned and did not wait for. A loop on another thread is no full
/// substitute, as the parallel iterators of its bodies run on rayon's global pool.
const BEGIN_WITHIN: Duration = Duration::from_secs(1);

pub(super) struct Phase {
    pub(super) run: Arc<Run>,
    pools: Arc<Pools>,
    pub(super) clock: Clock,
    /// The worker at each index.
    pub(super) workers: Vec<Arc<Worker>>,
    pub(super) abandoned: Vec<AbandonedBody>,
    woken: Option<Woken>,
    /// When every loop should have begun.
    begin_by: Option<u64>,
}

/// When to look after woken workers.
#[derive(Clone, Copy)]
struct Woken {
    at: u64,
    /// How many had answered by the time of the last look.
    answers: u64,
    /// There was nobody else to be woken then either.
    lacking: bool,
}

impl Phase {
    /// Starts the loops.
    pub(super) fn start(run: Run, pools: Arc<Pools>, settings: &Settings) -> Self {
        let workers = run.workers();
        let (clock, abandoned) = (Clock::default(), Vec::new());
        let run = Arc::new(run);
        let mut phase = Self { run, pools, clock, workers, abandoned, woken: None, begin_by: None };
        phase.begin(settings.run_timeout(), settings.slow);
        phase
    }

    fn begin(&mut self, run_timeout: Option<Duration>, slow: Option<Duration>) {
        let run = Arc::downgrade(&self.run);
        self.pools.idle.call(run);
        let now = self.run.now();
        if self.pools.is_warm() {
            let begin_by = now + nanos(BEGIN_WITHIN);
            self.begin_by = Some(begin_by);
            self.clock.look_at(begin_by);
        }
        run_timeout.into_iter().for_each(|limit| self.clock.look_at(nanos(limit)));
        slow.into_iter().for_each(|slow| self.clock.look_at(now.saturating_add(nanos(slow))));
    }

    /// Waits for the next note; `None` when something is due.
    pub(super) fn next_note(&self, notes: &Receiver<Note>) -> Option<Note> {
        let Some(due) = self.clock.due() else { return notes.recv().ok() };
        // Notes that keep coming must not keep what is due waiting.
        let left = Duration::from_nanos(due.checked_sub(self.run.now())?);
        notes.recv_timeout(left).ok()
    }

    /// Lets a new loop take over a index.
    pub(super) fn replace(&mut self, index: usize) -> io::Result<()> {
        let worker = Worker::new(index);
        self.workers[index] = Arc::clone(&worker);
        self.spare(LoopStart { worker, queue: Queue::taking_over(index) })
    }

    /// Runs a loop on a thread of its own.
    fn spare(&self, start: LoopStart) -> io::Result<()> {
        let run = Arc::clone(&self.run);
        let name = format!("worker-{}", start.queue.index());
        let started = thread::Builder::new()
            .name(name)
            .spawn(move || worker_loop::work(run, start))
            .map(drop);
        if started.is_err() {
            self.run.loops.leave();
        }
        started
    }

    /// Whether a loop is left.
    pub(super) fn has_loops(&self) -> bool {
        self.run.loops.are_open()
    }

    /// A worker was woken: somebody has to see whether it comes.
    pub(super) fn look_after_woken(&mut self) {
        let answers = self.run.sleep.answers();
        self.look_again(ANSWER_WITHIN, answers, false);
    }

    fn look_again(&mut self, within: Duration, answers: u64, lacking: bool) {
        let at = self.run.now() + nanos(within);
        self.woken = Some(Woken { at, answers, lacking });
        self.clock.look_at(at);
    }

    /// Starts loops for those that are stuck in pieces of bodies, when there is work for them.
    pub(super) fn help_out(&mut self, now: u64) -> io::Result<()> {
        match self.begin_by {
            Some(at) if at <= now => {
                self.begin_by = None;
                while self.run.ready.has_any()
                    && let Some(start) = self.run.take_start()
                {
                    self.spare(start)?;
                }
            }
            Some(at) => self.clock.look_at(at),
            None => {}
        }
        match self.woken {
            Some(woken) if woken.at <= now => self.look_at_woken(woken)?,
            Some(woken) => self.clock.look_at(woken.at),
            None => {}
        }
        Ok(())
    }

    fn look_at_woken(&mut self, Woken { answers, lacking, .. }: Woken) -> io::Result<()> {
        self.woken = None;
        match self.run.sleep.lack(answers, || self.run.ready.has_any()) {
            Lack::None => {}
            Lack::Worker if !lacking => self.look_again(COME_WITHIN, answers, true),
            lack => {
                // Others may be late as well.
                self.look_after_woken();
                if lack == Lack::Worker {
                    return self.replace_sleeper();
                }
            }
        }
        Ok(())
    }

    fn replace_sleeper(&mut self) -> io::Result<()> {
        for index in 0..self.workers.len() {
            if self.workers[index].abandon_asleep() {
                self.run.sleep.answer();
                return self.replace(index);
            }
        }
        Ok(())
    }

    /// Lets no other loop begin.
    pub(super) fn close(&self) {
        while self.run.take_start().is_some() {
            self.run.loops.leave();
        }
    }

    /// Returns the abandoned bodies. Keeps the pools for the next run, unless a loop is left on them.
    pub(super) fn end(self) -> Vec<AbandonedBody> {
        if self.abandoned.is_empty() && !self.has_loops() {
            self.pools.give_back();
        }
        self.abandoned
    }

    /// Reports tasks that have been running for long.
    pub(super) fn report_slow(&mut self, period: Duration, now: u64) {
        let period = nanos(period);
        self.clock.look_at(now.saturating_add(period));
        self.run.running.each(|task, _| {
            let Some((started, _)) = self.run.table.times(task, now) else { return };
            if self.clock.is_slow(task, period, nanos(started), now) {
                let running = Duration::from_nanos(now).saturating_sub(started);
                self.run.send(|| Event::Slow { task, running });
            }
        });
    }
}
