//! What is kept up while a run goes on: who runs what, for whoever must name it when the process
//! ends in the middle.

use std::sync::{Arc, Mutex, PoisonError};

use concurra_core::{Around, Event, Observer, Plan, PlannedTask};

use crate::log;
use crate::supervise::Board;

/// A run of fewer tasks has no more workers than this, however many it may have.
const MOST_WORKERS: usize = 256;

/// Notes what runs, at its start and end.
#[derive(Debug)]
pub(super) struct Watch {
    /// What each worker runs, and last what the calling thread does; empty when it is nothing.
    running: Arc<[Mutex<String>]>,
    board: Option<Arc<Board>>,
    log: log::Handle,
}

impl Watch {
    pub(super) fn new(
        workers: usize,
        tasks: usize,
        board: Option<Arc<Board>>,
        log: log::Handle,
    ) -> Self {
        let workers = workers.min(tasks.max(MOST_WORKERS));
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

/// Notes setups and teardowns. No event tells of them, but setups are over when the first event is
/// heard, and teardowns begin when every task has ended.
#[derive(Debug)]
pub(super) struct Hooks {
    watch: Arc<Watch>,
    /// Whether setups may be running.
    setups: bool,
}

impl Hooks {
    pub(super) const fn new(watch: Arc<Watch>) -> Self {
        Self { watch, setups: false }
    }
}

impl Observer for Hooks {
    fn begin(&mut self, plan: &Plan, _: usize) {
        self.setups = true;
        self.watch.note_caller(&one_of("setup", plan.setups()));
    }

    fn event(&mut self, plan: &Plan, event: &Event) {
        if std::mem::take(&mut self.setups) {
            self.watch.note_caller("");
        }
        if matches!(event, Event::Finished(end) if end.done == plan.tasks().len()) {
            self.watch.note_caller(&one_of("teardown", plan.teardowns()));
        }
    }
}

fn one_of<'p>(kind: &str, names: impl Iterator<Item = &'p str>) -> String {
    match names.collect::<Vec<_>>()[..] {
        [] => String::new(),
        [name] => format!("{kind} {name}"),
        ref names => format!("one of the {kind}s {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;

    use super::*;
    use crate::options::LogOptions;

    fn watch(workers: usize, tasks: usize) -> Watch {
        let log =
            log::Handle::install(&LogOptions::default(), Weak::new()).expect("nothing is logged");
        Watch::new(workers, tasks, None, log)
    }

    #[test]
    fn any_number_of_workers_has_room_for_those_that_run() {
        for (workers, tasks, last) in [(usize::MAX, 2, 255), (usize::MAX, 999, 998), (3, 999, 2)] {
            let watch = watch(workers, tasks);
            watch.note(last, "task");
            watch.note_caller("teardown");
            assert_eq!(watch.names()(), ["task", "teardown"]);
            watch.note(last, "");
            assert_eq!(watch.names()(), ["teardown"]);
        }
    }
}
