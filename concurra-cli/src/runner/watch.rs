//! What runs, for messages when the process ends in the middle of a run.

use std::sync::{Arc, Mutex};

use concurra_core::{Around, PlannedTask};

use crate::log;
use crate::supervise::{Board, Thread, this_thread};
use crate::sync::lock;

/// Notes the start and the end of each attempt of a task, each hook, and everything else that runs code of
/// users, on the board.
#[derive(Debug)]
pub(super) struct Watch {
    /// What each worker runs, and last what the run itself calls, such as a hook.
    places: Box<[Mutex<Place>]>,
    /// Abandoned bodies that still run: another body has their place.
    abandoned: Mutex<Vec<Option<Key>>>,
    board: Arc<Board>,
    log: log::Handle,
}

/// Where bodies run one after the other.
#[derive(Debug, Default)]
struct Place {
    /// The number of the last body here.
    body: u64,
    /// Empty when nothing runs here.
    name: String,
    thread: Thread,
}

/// A body: the index of its place, and its number there.
type Key = (usize, u64);

/// Ends the entry of a body when it is dropped, also by a panic.
struct Entry<'w> {
    watch: &'w Watch,
    key: Key,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.watch.end(self.key);
    }
}

impl Watch {
    pub(super) fn new(workers: usize, board: Arc<Board>, log: log::Handle) -> Self {
        let places = (0..=workers).map(|_| Mutex::default()).collect();
        Self { places, abandoned: Mutex::default(), board, log }
    }

    /// Calls code of users that belongs to no task, under the name of what it is.
    pub(super) fn within<R>(&self, name: &str, call: impl FnOnce() -> R) -> R {
        let _entry = self.begin(self.places.len() - 1, name);
        call()
    }

    fn begin(&self, index: usize, name: &str) -> Entry<'_> {
        let index = index.min(self.places.len() - 1);
        let mut place = lock(&self.places[index]);
        // The body before this one was abandoned, or it would have ended.
        self.abandon_at(index, &mut place);
        place.body += 1;
        place.name.push_str(name);
        place.thread = this_thread();
        self.board.note(index, name, place.thread);
        Entry { watch: self, key: (index, place.body) }
    }

    fn end(&self, key: Key) {
        let (index, body) = key;
        let mut place = lock(&self.places[index]);
        if place.body == body && !place.name.is_empty() {
            place.name.clear();
            self.board.note(index, "", 0);
            return;
        }
        drop(place);
        let mut bodies = lock(&self.abandoned);
        if let Some(number) = bodies.iter().position(|it| *it == Some(key)) {
            bodies[number] = None;
            self.board.note(self.places.len() + number, "", 0);
        }
    }

    /// Moves what runs at a place, if anything does, to the abandoned bodies.
    fn abandon_at(&self, index: usize, place: &mut Place) {
        if place.name.is_empty() {
            return;
        }
        let mut bodies = lock(&self.abandoned);
        let number = bodies.iter().position(Option::is_none).unwrap_or(bodies.len());
        if number == bodies.len() {
            bodies.push(None);
        }
        bodies[number] = Some((index, place.body));
        // First the new entry, so that the body is on the board at every moment.
        self.board.note_abandoned(self.places.len() + number, &place.name, place.thread);
        self.board.note(index, "", 0);
        place.name.clear();
    }
}

impl Around for Watch {
    fn run(&self, worker: usize, task: &PlannedTask, body: &mut dyn FnMut()) {
        let _entry = self.begin(worker, task.name());
        self.log.within(worker, task.name(), body);
    }

    fn run_hook(&self, label: &str, body: &mut dyn FnMut()) {
        self.within(label, || self.log.within_hook(label, body));
    }

    fn abandon(&self, worker: Option<usize>) {
        let last = self.places.len() - 1;
        let index = worker.unwrap_or(last).min(last);
        self.abandon_at(index, &mut lock(&self.places[index]));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;

    use super::*;
    use crate::options::LogOptions;

    fn watch(workers: usize) -> Watch {
        let log = log::Handle::install(&LogOptions::default(), Weak::new());
        let board = Arc::new(Board::unnamed().expect("a board"));
        Watch::new(workers, board, log.expect("nothing is logged"))
    }

    fn running(watch: &Watch) -> Vec<String> {
        watch.board.read().running
    }

    #[test]
    fn each_worker_and_the_run_have_room_for_a_name() {
        let watch = watch(3);
        let task = watch.begin(2, "task");
        let names = watch.within("teardown", || running(&watch));
        assert_eq!(names, ["task", "teardown"]);
        drop(task);
        assert!(running(&watch).is_empty());
    }

    #[test]
    fn an_abandoned_body_stays_beside_the_next_one_of_its_worker() {
        let watch = watch(1);
        let stuck = watch.begin(0, "stuck");
        watch.abandon(Some(0));
        assert_eq!(running(&watch), ["stuck (abandoned)"]);
        let next = watch.begin(0, "next");
        assert_eq!(running(&watch), ["next", "stuck (abandoned)"]);
        // The late end of the first changes nothing for the second.
        drop(stuck);
        assert_eq!(running(&watch), ["next"]);
        drop(next);
        assert!(running(&watch).is_empty());
    }

    #[test]
    fn a_body_whose_worker_begins_another_was_abandoned() {
        let watch = watch(1);
        let (_stuck, _next) = (watch.begin(0, "stuck"), watch.begin(0, "next"));
        assert_eq!(running(&watch), ["next", "stuck (abandoned)"]);
        watch.abandon(Some(0));
        watch.abandon(None);
        assert_eq!(running(&watch), ["stuck (abandoned)", "next (abandoned)"]);
    }

    #[test]
    fn the_body_that_calls_exit_is_found() {
        let watch = watch(2);
        let _stuck = watch.begin(0, "stuck");
        watch.abandon(Some(0));
        let words = std::thread::scope(|scope| {
            let other = || {
                let _next = watch.begin(0, "next");
                watch.board.note_caller();
                watch.board.read().while_running()
            };
            scope.spawn(other).join().expect("no panic")
        });
        let next = "while running: next, stuck (abandoned); next called exit";
        assert_eq!(words.as_deref(), Some(next));
        watch.board.note_caller();
        assert_eq!(
            watch.board.read().while_running().as_deref(),
            Some("while running: stuck (abandoned)")
        );
    }
}
