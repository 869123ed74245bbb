//! Runs a plan: worker loops on a rayon pool, and the calling thread as their conductor.
//!
//! Unaware of names, selections and reports. A body is run by exactly one worker; where it ends,
//! that worker releases what waited for it. The conductor sleeps on notes from the workers, makes
//! them events for the observers, and carries out stops.

mod audience;
mod conductor;
mod hooks;
mod ordered;
mod pools;
mod ready;
mod run;
mod sleep;
mod table;
mod worker;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

pub(crate) use conductor::{Conducted, conduct};
pub use hooks::HookFailure;
pub(crate) use table::Table;

use crate::event::{Event, StopReason};
use crate::plan::{Plan, PlannedTask};

/// Receives what happens in a run, on the thread that runs the scheduler.
pub trait Observer: Send {
    /// The run begins; setups have not run.
    fn begin(&mut self, plan: &Plan, workers: usize) {
        let _ = (plan, workers);
    }

    /// Something happened.
    fn event(&mut self, plan: &Plan, event: &Event);
}

/// Is called on the worker's thread around every body.
pub trait Around: Send + Sync {
    /// Calls `body`, once.
    fn run(&self, worker: usize, task: &PlannedTask, body: &mut dyn FnMut());
}

/// What a run needs to know beside its plan.
pub(crate) struct Settings {
    pub(crate) workers: NonZeroUsize,
    pub(crate) run_dependents: bool,
    pub(crate) max_fail: Option<NonZeroUsize>,
    pub(crate) grace: Duration,
    pub(crate) around: Option<Arc<dyn Around>>,
}

/// More threads than this only serve a run that has as many tasks: fewer are enough to help with
/// the pieces of one body.
const MOST_HELPERS: usize = 256;

impl Settings {
    /// How many worker loops a run of that many tasks has.
    fn width(&self, tasks: usize) -> usize {
        self.workers.get().min(tasks.max(MOST_HELPERS))
    }
}

/// What reaches the conductor.
#[derive(Debug)]
pub(crate) enum Note {
    Event(Event),
    Stop(StopReason),
    AllEnded,
    /// A worker's loop has left the pool.
    Left,
}

/// The conductor's ear and the way to reach it.
#[derive(Debug)]
pub(crate) struct Notes {
    pub(crate) sender: Sender<Note>,
    pub(crate) receiver: Receiver<Note>,
}

impl Default for Notes {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver }
    }
}

/// Asks a run to stop, from any thread; cheap to clone.
#[derive(Clone, Debug)]
pub struct Canceller(pub(crate) Sender<Note>);

impl Canceller {
    /// Stops the run. What a reason means for running tasks is told at [`StopReason`].
    pub fn stop(&self, reason: StopReason) {
        // A run that is over needs no stop.
        drop(self.0.send(Note::Stop(reason)));
    }
}
