//! Runs a plan: worker loops on a rayon pool, and the calling thread as their conductor.
//!
//! The engine knows no names, selections and reports. One worker runs a body and then releases the
//! dependents of its task. The conductor sleeps until a worker sends a note or a time is due, and
//! carries out stops. Observers get events on the calling thread. While they do, the conductor has a
//! thread of its own, so that nothing waits for an observer.

mod abandoned;
mod alone;
mod attempt;
mod cancelled;
mod canceller;
mod cleaning;
mod clock;
mod conductor;
mod deferred_drop;
mod grace;
mod hook_thread;
mod hooks;
mod idle_threads;
mod limit;
mod mode;
mod observers;
mod ordered;
mod phase;
mod pool;
mod ready;
mod retry;
mod run;
mod running;
mod serial;
mod sleep;
mod start;
mod stop;
mod table;
mod timeout;
mod warning;
mod worker;
mod worker_loop;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

pub use cancelled::is_cancelled;
pub use canceller::Canceller;
pub(crate) use conductor::{Conducted, Job, conduct};
pub(crate) use table::Table;
pub(crate) use warning::Warning;

use crate::event::{Event, StopReason};
use crate::graph::TaskId;
use crate::plan::{Plan, PlannedTask};

/// Receives the events of a run, on the thread that called for the run. The engine gathers events for
/// some milliseconds before it calls an observer.
pub trait Observer: Send {
    /// Called with each event.
    fn event(&mut self, plan: &Plan, event: &Event);

    /// Called when no event waits. An observer may write its buffers now.
    fn idle(&mut self) {}

    /// Whether [`Finished`](crate::Finished) needs results, which take time to write as JSON.
    fn wants_results(&self) -> bool {
        false
    }
}

impl<F: FnMut(&Plan, &Event) + Send> Observer for F {
    fn event(&mut self, plan: &Plan, event: &Event) {
        self(plan, event);
    }
}

/// Wraps every body, on its own thread.
pub trait Around: Send + Sync {
    /// Calls the body of a task, once.
    fn run(&self, worker: usize, task: &PlannedTask, body: &mut dyn FnMut());

    /// Calls the body of a hook, once. The label is `setup prepare`.
    fn run_hook(&self, label: &str, body: &mut dyn FnMut()) {
        let _ = label;
        body();
    }

    /// The conductor abandoned the body that this worker runs; `None` stands for the running hook. Called
    /// before another loop takes over the worker's index.
    fn abandon(&self, worker: Option<usize>) {
        let _ = worker;
    }
}

/// A request to stop the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    pub(crate) reason: StopReason,
    /// Running tasks are cancelled; otherwise they may finish.
    pub(crate) cancels: bool,
}

/// A message to the conductor.
#[derive(Debug)]
pub(crate) enum Note {
    Stop(Stop),
    /// A deadline, in nanoseconds since the start of the run.
    Alarm(u64),
    /// The next attempt of the task starts at that time.
    Later {
        task: TaskId,
        at: u64,
    },
    AllEnded,
    /// The last worker loop has left, or an abandoned body has returned.
    Left,
}

#[inline]
pub(crate) fn nanos(duration: Duration) -> u64 {
    // Arithmetic with 128 bits would take longer.
    let seconds = duration.as_secs().saturating_mul(1_000_000_000);
    seconds.saturating_add(u64::from(duration.subsec_nanos()))
}

/// The conductor's inbox and its senders.
#[derive(Debug)]
pub(crate) struct Notes {
    sender: Sender<Note>,
    receiver: Receiver<Note>,
    pub(crate) canceller: Canceller,
}

impl Default for Notes {
    fn default() -> Self {
        let (sender, receiver) = channel();
        let canceller = Canceller::new(sender.clone());
        Self { sender, receiver, canceller }
    }
}
