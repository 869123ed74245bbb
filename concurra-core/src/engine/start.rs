//! How the conductor starts the loops of a phase.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, OnceLock};

use super::conductor::Conductor;
use super::nanos;
use super::phase::Phase;
use super::pools::Pools;
use super::ready::{Local, Ready};
use super::run::{Loops, Place, Run};
use super::seat::Seat;
use super::serial::Serial;
use super::sleep::Sleep;
use super::worker::cores;
use crate::graph::TaskId;

impl Conductor<'_> {
    /// Starts the loops. The error is the system's, when it has no threads left.
    pub(super) fn start(
        &self,
        roots: Vec<TaskId>,
        remaining: usize,
        max_fail: Option<NonZeroUsize>,
    ) -> Result<Phase, rayon::ThreadPoolBuildError> {
        let Self { settings, table, .. } = self;
        let tasks = table.plan.graph().len();
        let width = settings.width(tasks);
        let pools = Pools::take(width)?;
        let (ready, locals) = Ready::new(roots, tasks, width);
        let place = |local: Local| Place { seat: Seat::new(local.slot()), local };
        let run = Run {
            table: Arc::clone(table),
            state: Arc::clone(&self.state),
            pools: Arc::downgrade(&pools),
            hosts: Arc::downgrade(&self.hosts),
            guard: Arc::downgrade(&self.guard),
            crowded: width > cores().get(),
            ready,
            serial: Serial::default(),
            sleep: Sleep::default(),
            notes: self.sender.clone(),
            epoch: self.epoch,
            events: self.events.clone(),
            around: settings.around.clone(),
            max_fail,
            grace: nanos(settings.grace),
            retry_timeouts: settings.retry_timeouts,
            flaky_fails: settings.flaky_fails,
            fallback_to_thread: settings.fallback_to_thread,
            failures: AtomicUsize::new(0),
            stopper: OnceLock::new(),
            remaining: AtomicUsize::new(remaining),
            places: Mutex::new(locals.into_iter().map(place).collect()),
            loops: Loops::new(width, self.sender.clone()),
            alarm: AtomicU64::new(u64::MAX),
        };
        Ok(Phase::start(run, pools, settings))
    }
}
