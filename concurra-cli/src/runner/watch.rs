//! What is kept up while a run goes on: who runs what, for whoever must name it when the process
//! ends in the middle.

use std::sync::{Arc, Mutex, PoisonError};

use concurra_core::{Around, Event, Observer, Plan, PlannedTask};

use crate::log;
use crate::supervise::Board;

/// Notes what runs, at its start and end.
#[derive(Debug)]
pub(super) struct Watch {
    /// What each worker runs, and last what the calling thread does; empty when it is nothing.
    running: Arc<[Mutex<String>]>,
    board: Option<Arc<Board>>,
    log: log::Handle,
}

impl Watch {
    pub(super) fn new(workers: usize, board: Option<Arc<Board>>, log: log::Handle) -> Self {
        let running = (0..=workers).map(|_| Mutex::default()).collect();
        Self { running, board, log }
    }

    /// Gives the names of what is running at any time.
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

    /// Notes what the calling thread does from now on.
    pub(super) fn note_caller(&self, what: &str) {
        self.note(self.running.len() - 1, what);
    }

    fn note(&self, slot: usize, name: &str) {
        match &self.board {
            Some(board) if name.is_empty() => board.ended(slot),
            Some(board) => board.started(slot, name),
            None => {}
        }
        if let Some(slot) = self.running.get(slot) {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            slot.clear();
            slot.push_str(name);
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

/// Notes setups and teardowns.
#[derive(Debug)]
pub(super) struct Hooks(pub(super) Arc<Watch>);

impl Observer for Hooks {
    fn event(&mut self, _: &Plan, event: &Event) {
        match event {
            Event::HookStarted(hook) => self.0.note_caller(&format!("{} {}", hook.hook, hook.name)),
            Event::HookFinished(_) => self.0.note_caller(""),
            _ => {}
        }
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
        assert_eq!(watch.names()(), ["task", "teardown"]);
        watch.note(2, "");
        assert_eq!(watch.names()(), ["teardown"]);
    }
}
