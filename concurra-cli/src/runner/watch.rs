//! Which task each worker runs, for messages when the process ends in the middle of a run.

use std::sync::{Arc, Mutex};

use concurra_core::{Around, PlannedTask};

use crate::log;
use crate::supervise::Board;
use crate::sync::lock;

/// Notes the start and the end of each task, setup and teardown.
#[derive(Debug)]
pub(super) struct Watch {
    /// The task of each worker, and last the hook on the calling thread; empty when nothing runs there.
    running: Box<[Mutex<String>]>,
    board: Option<Arc<Board>>,
    log: log::Handle,
}

impl Watch {
    pub(super) fn new(workers: usize, board: Option<Arc<Board>>, log: log::Handle) -> Self {
        let running = (0..=workers).map(|_| Mutex::default()).collect();
        Self { running, board, log }
    }

    /// The names of all that runs now. It waits for no lock, as the process may be about to end.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.running.iter().filter_map(|name| name.try_lock().ok());
        names.filter(|name| !name.is_empty()).map(|name| name.clone()).collect()
    }

    /// Notes what the calling thread runs from now on.
    pub(super) fn note_caller(&self, what: &str) {
        self.note(self.running.len() - 1, what);
    }

    fn note(&self, index: usize, name: &str) {
        if let Some(board) = &self.board {
            board.note(index, name);
        }
        if let Some(running) = self.running.get(index) {
            let mut running = lock(running);
            running.clear();
            running.push_str(name);
        }
    }
}

impl Around for Watch {
    fn run(&self, worker: usize, task: &PlannedTask, body: &mut dyn FnMut()) {
        self.note(worker, task.name());
        self.log.within(worker, task.name(), body);
        self.note(worker, "");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;

    use super::*;
    use crate::options::LogOptions;

    #[test]
    fn each_worker_and_the_calling_thread_have_room_for_a_name() {
        let log =
            log::Handle::install(&LogOptions::default(), Weak::new()).expect("nothing is logged");
        let watch = Watch::new(3, None, log);
        watch.note(2, "task");
        watch.note_caller("teardown");
        assert_eq!(watch.names(), ["task", "teardown"]);
        watch.note(2, "");
        assert_eq!(watch.names(), ["teardown"]);
    }
}
