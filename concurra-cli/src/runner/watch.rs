//! What is kept up while bodies run: who runs what, for whoever must name it when the process
//! ends in the middle.

use std::sync::{Arc, Mutex, PoisonError};

use concurra_core::{Around, PlannedTask};

use crate::log;
use crate::supervise::Board;

/// Notes every body at its start and end.
#[derive(Debug)]
pub(super) struct Watch {
    /// The running task of each worker; empty when there is none.
    running: Arc<[Mutex<String>]>,
    board: Option<Arc<Board>>,
    log: log::Handle,
}

impl Watch {
    pub(super) fn new(workers: usize, board: Option<Arc<Board>>, log: log::Handle) -> Self {
        let running = (0..workers).map(|_| Mutex::default()).collect();
        Self { running, board, log }
    }

    /// Gives the names of the running tasks at any time.
    pub(super) fn names(&self) -> impl Fn() -> Vec<String> + Send + Sync + 'static {
        let running = Arc::clone(&self.running);
        move || {
            let name = |slot: &Mutex<String>| match slot.try_lock() {
                Ok(name) => name.clone(),
                Err(_) => String::new(),
            };
            running.iter().map(name).filter(|name| !name.is_empty()).collect()
        }
    }

    fn note(&self, worker: usize, name: &str) {
        if let Some(slot) = self.running.get(worker) {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            slot.clear();
            slot.push_str(name);
        }
    }
}

impl Around for Watch {
    fn run(&self, worker: usize, task: &PlannedTask, body: &mut dyn FnMut()) {
        if let Some(board) = &self.board {
            board.started(worker, task.name());
        }
        self.note(worker, task.name());
        self.log.within(worker, task.name(), body);
        self.note(worker, "");
        if let Some(board) = &self.board {
            board.ended(worker);
        }
    }
}
