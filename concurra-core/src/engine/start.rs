//! How the conductor starts the loops of a phase.

use std::process;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, OnceLock};

use super::conductor::Conductor;
use super::phase::Phase;
use super::pool::Pool;
use super::ready::{Queue, Ready};
use super::run::{LoopStart, Loops, Run};
use super::running::RunningAttempts;
use super::serial::Serial;
use super::sleep::Sleep;
use super::worker::Worker;
use crate::graph::TaskId;
use crate::max_fail::MaxFail;

impl Conductor {
    /// Starts the loops. The error is the system's, when it has no threads left.
    pub(super) fn start(
        &self,
        roots: Vec<TaskId>,
        remaining: usize,
        max_fail: MaxFail,
    ) -> Result<Phase, rayon_core::ThreadPoolBuildError> {
        let Self { settings, table, .. } = self;
        let tasks = table.plan.graph().len();
        let width = settings.width(tasks);
        let pool = Pool::take(width)?;
        let (ready, queues) = Ready::new(roots, tasks, width);
        let start = |queue: Queue| LoopStart { worker: Worker::new(queue.index), queue };
        let run = Run {
            table: Arc::clone(table),
            state: Arc::clone(&self.state),
            hosts: Arc::downgrade(&self.hosts),
            guard: Arc::downgrade(&self.guard),
            ready,
            serial: Serial::new(table.plan.has_alone),
            sleep: Sleep::default(),
            notes: self.sender.clone(),
            epoch: self.epoch,
            process: process::id(),
            events: self.events.clone(),
            settings: Arc::clone(settings),
            around: self.around.clone(),
            is_observed: self.around.is_some() || self.events.are_observed(),
            max_fail,
            running: RunningAttempts::default(),
            reports_slow: settings.slow.is_some() && self.events.are_observed(),
            failures: AtomicUsize::new(0),
            stopper: OnceLock::new(),
            remaining: AtomicUsize::new(remaining),
            starts: Mutex::new(queues.into_iter().map(start).collect()),
            loops: Loops::new(width, self.sender.clone()),
            alarm: AtomicU64::new(u64::MAX),
        };
        Ok(Phase::start(run, pool, settings))
    }
}
