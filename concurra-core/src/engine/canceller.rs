//! How users stop a run.

use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock, Weak};

use super::{Note, Table};
use crate::event::StopReason;

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

    /// Stops the run. No further task starts, except `always` tasks and one that a worker is just about
    /// to call. See [`StopReason`] for what happens to running tasks.
    pub fn stop(&self, reason: StopReason) {
        if let Some(table) = self.table.get().and_then(Weak::upgrade) {
            table.machine.stop();
        }
        // A run that is over needs no stop.
        drop(self.notes.send(Note::Stop(reason)));
    }
}
