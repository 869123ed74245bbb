//! The worker loops of a run, or of what is left of it after a stop.

use std::io;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::conductor::Conductor;
use super::pools::Pools;
use super::ready::{Local, Ready};
use super::run::{Loops, Run};
use super::seat::{GivenUp, Seat};
use super::serial::Serial;
use super::sleep::{Lack, Sleep};
use super::worker::{self, Place};
use super::{Note, nanos};
use crate::event::Event;
use crate::graph::TaskId;

/// How long a worker may take to leave when no body runs any more, also on a busy machine. One that
/// takes longer helps with a piece that its task spawned and did not wait for.
pub(super) const FAREWELL: Duration = Duration::from_secs(1);

/// How long a woken worker may be busy helping before another is woken in its place.
const ANSWER_WITHIN: Duration = Duration::from_millis(1);

/// How long, when there is no other, before its slot is taken over: on a busy machine a worker may
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
    /// The seat at each slot.
    pub(super) seats: Vec<Arc<Seat>>,
    pub(super) given_up: Vec<GivenUp>,
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
    /// Starts the loops. The error is the system's, when it has no threads left.
    pub(super) fn start(
        conductor: &Conductor<'_>,
        roots: Vec<TaskId>,
        remaining: usize,
        max_fail: Option<NonZeroUsize>,
    ) -> Result<Self, rayon::ThreadPoolBuildError> {
        let settings = conductor.settings;
        let width = settings.width(conductor.table.plan.graph().len());
        let (ready, locals) = Ready::new(roots, conductor.table.plan.graph().len(), width);
        let pools = Pools::take(width)?;
        let place = |local: Local| Place { seat: Seat::new(local.slot()), local };
        let places: Vec<Place> = locals.into_iter().map(place).collect();
        let mut phase = Self {
            seats: places.iter().map(|place| Arc::clone(&place.seat)).collect(),
            clock: Clock::default(),
            given_up: Vec::new(),
            woken: None,
            begin_by: None,
            run: Arc::new(Run {
                table: Arc::clone(&conductor.table),
                state: Arc::clone(&conductor.state),
                pools: Arc::downgrade(&pools),
                crowded: width > worker::cores().get(),
                ready,
                serial: Serial::default(),
                sleep: Sleep::default(),
                notes: conductor.sender.clone(),
                epoch: conductor.epoch,
                teller: conductor.teller.clone(),
                around: settings.around.clone(),
                max_fail,
                grace: nanos(settings.grace),
                retry_timeouts: settings.retry_timeouts,
                flaky_fails: settings.flaky_fails,
                fallback_to_thread: settings.fallback_to_thread,
                hosts: Arc::downgrade(&conductor.hosts),
                guard: Arc::downgrade(&conductor.guard),
                failures: AtomicUsize::new(0),
                stopper: OnceLock::new(),
                remaining: AtomicUsize::new(remaining),
                places: Mutex::new(places),
                loops: Loops::new(width, conductor.sender.clone()),
                alarm: AtomicU64::new(u64::MAX),
            }),
            pools,
        };
        phase.begin(settings.run_timeout, settings.slow);
        Ok(phase)
    }

    fn begin(&mut self, run_timeout: Option<Duration>, slow: Option<Duration>) {
        self.pools.lobby.call(&self.run);
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

    /// Lets a new loop take over a slot.
    pub(super) fn replace(&mut self, slot: usize) -> io::Result<()> {
        let seat = Seat::new(slot);
        self.seats[slot] = Arc::clone(&seat);
        self.spare(Place { seat, local: Local::taking_over(slot) })
    }

    /// Runs a loop on a thread of its own.
    fn spare(&self, place: Place) -> io::Result<()> {
        let run = Arc::clone(&self.run);
        let name = format!("worker-{}", place.local.slot());
        let started =
            thread::Builder::new().name(name).spawn(move || worker::work(run, place)).map(drop);
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
                    && let Some(place) = self.run.take_place()
                {
                    self.spare(place)?;
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
        for slot in 0..self.seats.len() {
            let seat = Arc::clone(&self.seats[slot]);
            let mut watch = seat.watch();
            if seat.is_asleep() && watch.abandon() {
                self.run.sleep.answer();
                drop(watch);
                return self.replace(slot);
            }
        }
        Ok(())
    }

    /// Waits until the loops have left; hands on the bodies that were given up. Pools on which a
    /// loop is left are not used again.
    pub(super) fn leave(self, conductor: &mut Conductor<'_>) -> Vec<GivenUp> {
        while self.run.take_place().is_some() {
            self.run.loops.leave();
        }
        let deadline = Instant::now() + FAREWELL;
        while self.has_loops() {
            let left = deadline.saturating_duration_since(Instant::now());
            match conductor.notes.recv_timeout(left) {
                Ok(Note::Stop(reason)) => conductor.stop(None, reason),
                Ok(_) => {}
                Err(_) => {
                    let spawned = "work that a task spawned on the pool and did not wait for";
                    conductor.warnings.push(format!("not waited for: {spawned}").into());
                    return self.given_up;
                }
            }
        }
        if self.given_up.is_empty() {
            self.pools.give_back();
        }
        self.given_up
    }

    /// Tells of tasks that have been running for long.
    pub(super) fn tell_slow(&mut self, period: Duration, now: u64) {
        let period = nanos(period);
        self.clock.look_at(now.saturating_add(period));
        for seat in &self.seats {
            let Some(task) = seat.task() else { continue };
            let Some((started, _)) = self.run.table.times(task, now) else { continue };
            if self.clock.is_slow(task, period, nanos(started), now) {
                let running = Duration::from_nanos(now).saturating_sub(started);
                self.run.tell(|| Event::Slow { task, running });
            }
        }
    }
}
