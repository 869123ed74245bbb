//! How users stop a run.

use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock, Weak};

use super::{Note, Stop, Table};
use crate::event::StopReason;
use crate::failure;

/// Stops a run, from any thread; cheap to clone.
#[derive(Clone, Debug)]
pub struct Canceller {
    notes: Sender<Note>,
    /// Set once the plan is checked.
    table: Arc<OnceLock<Weak<Table>>>,
}

impl Canceller {
    pub(super) fn new(notes: Sender<Note>) -> Self {
        Self { notes, table: Arc::default() }
    }

    /// Connects it to the tasks of a run.
    pub(crate) fn reach(&self, table: &Arc<Table>) {
        drop(self.table.set(Arc::downgrade(table)));
    }

    /// Stops the run: no task and no retry starts, except `always` tasks and a task that a worker is just
    /// about to call. After an interrupt, running tasks may finish. After any other reason they are
    /// cancelled, as by [`cancel`](Self::cancel).
    pub fn stop(&self, reason: StopReason) {
        self.send(Stop { reason, cancels: reason != StopReason::Interrupt });
    }

    /// Stops the run and cancels running tasks: a thread is abandoned; processes are asked to end, and
    /// killed after the grace. Then `always` tasks run, except after an abort, and teardowns.
    pub fn cancel(&self, reason: StopReason) {
        self.send(Stop { reason, cancels: true });
    }

    fn send(&self, stop: Stop) {
        if let Some(table) = self.table.get().and_then(Weak::upgrade) {
            table.machine.stop();
            // The run may be over, and its report dropped meanwhile.
            failure::discard(table);
        }
        // A run that is over needs no stop.
        drop(self.notes.send(Note::Stop(stop)));
    }
}
