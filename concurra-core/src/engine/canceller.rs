//! How others ask a run to stop.

use std::fmt;
use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock, Weak};

use super::{Note, Table};
use crate::event::StopReason;

/// Asks a run to stop, from any thread; cheap to clone.
#[derive(Clone)]
pub struct Canceller {
    notes: Sender<Note>,
    /// There once the plan is checked.
    table: Arc<OnceLock<Weak<Table>>>,
}

impl Canceller {
    pub(super) fn new(notes: Sender<Note>) -> Self {
        Self { notes, table: Arc::default() }
    }

    /// From now on it reaches the tasks of that run.
    pub(crate) fn reach(&self, table: &Arc<Table>) {
        drop(self.table.set(Arc::downgrade(table)));
    }

    /// Stops the run. No task starts any more, but those that run always, and one that a worker is
    /// just about to call; what the reason means for running ones is told at [`StopReason`].
    pub fn stop(&self, reason: StopReason) {
        if let Some(table) = self.table.get().and_then(Weak::upgrade) {
            table.machine.stop();
        }
        // A run that is over needs no stop.
        drop(self.notes.send(Note::Stop(reason)));
    }
}

impl fmt::Debug for Canceller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canceller").finish_non_exhaustive()
    }
}
