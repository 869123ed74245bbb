//! What runs, for messages when the process ends in the middle of a run.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread;
use std::time::Duration;

use concurra_core::{Around, PlannedTask};

use crate::log;
use crate::supervise::{Board, Running};
use crate::sync::lock;

/// Notes the start and the end of each attempt of a task, each hook, and everything else that runs code of
/// users.
#[derive(Debug)]
pub(super) struct Watch {
    /// What each worker runs, and last what the run itself calls, such as a hook.
    places: Box<[Mutex<Place>]>,
    /// Abandoned bodies that still run: another body has their place.
    abandoned: Mutex<Vec<Option<Abandoned>>>,
    board: Option<Arc<Board>>,
    log: log::Handle,
}

/// Where bodies run one after the other.
#[derive(Debug, Default)]
struct Place {
    /// The number of the last body here.
    body: u64,
    /// Empty when nothing runs here.
    name: String,
}

#[derive(Debug)]
struct Abandoned {
    key: Key,
    name: String,
}

/// A body: the index of its place, and its number there.
type Key = (usize, u64);

/// How often, a millisecond apart, a process that is about to end looks for a place that is being changed.
const LOOKS: usize = 100;

thread_local! {
    /// What this thread runs.
    static HERE: Cell<Option<Key>> = const { Cell::new(None) };
}

/// Ends the entry of a body when it is dropped, also by a panic.
struct Entry<'w> {
    watch: &'w Watch,
    key: Key,
    outer: Option<Key>,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        HERE.set(self.outer);
        self.watch.end(self.key);
    }
}

impl Watch {
    pub(super) fn new(workers: usize, board: Option<Arc<Board>>, log: log::Handle) -> Self {
        let places = (0..=workers).map(|_| Mutex::default()).collect();
        Self { places, abandoned: Mutex::default(), board, log }
    }

    /// All that runs now, and what the calling thread runs. It waits for no lock for long, as the process
    /// is about to end.
    pub(super) fn running(&self) -> Running {
        let here = HERE.try_with(Cell::get).ok().flatten();
        let mut running = Running::default();
        let mut add = |name: String, is_here: bool| {
            running.caller = Some(running.names.len()).filter(|_| is_here).or(running.caller);
            running.names.push(name);
        };
        for (index, place) in self.places.iter().enumerate() {
            let place = patiently(place).filter(|place| !place.name.is_empty());
            let Some(place) = place else { continue };
            add(place.name.clone(), here == Some((index, place.body)));
        }
        for body in patiently(&self.abandoned).iter().flat_map(|bodies| bodies.iter().flatten()) {
            add(Board::abandoned(&body.name), here == Some(body.key));
        }
        running
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
        self.note(index, name);
        let key = (index, place.body);
        drop(place);
        Entry { watch: self, key, outer: HERE.replace(Some(key)) }
    }

    fn end(&self, key: Key) {
        let (index, body) = key;
        let mut place = lock(&self.places[index]);
        if place.body == body && !place.name.is_empty() {
            place.name.clear();
            self.note(index, "");
            return;
        }
        drop(place);
        let mut bodies = lock(&self.abandoned);
        let is_it = |it: &Option<Abandoned>| it.as_ref().is_some_and(|it| it.key == key);
        if let Some(number) = bodies.iter().position(is_it) {
            bodies[number] = None;
            self.note(self.places.len() + number, "");
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
        let name = std::mem::take(&mut place.name);
        // First the new entry, so that no moment of the board is without the body.
        if let Some(board) = &self.board {
            board.note_abandoned(self.places.len() + number, &name);
        }
        self.note(index, "");
        bodies[number] = Some(Abandoned { key: (index, place.body), name });
    }

    fn note(&self, index: usize, name: &str) {
        if let Some(board) = &self.board {
            board.note(index, name);
        }
    }
}

impl Around for Watch {
    fn run(&self, worker: usize, task: &PlannedTask, body: &mut dyn FnMut()) {
        let _entry = self.begin(worker, task.name());
        self.log.within(worker, task.name(), body);
    }

    fn run_hook(&self, label: &str, body: &mut dyn FnMut()) {
        self.within(label, body);
    }

    fn abandon(&self, worker: Option<usize>) {
        let last = self.places.len() - 1;
        let index = worker.unwrap_or(last).min(last);
        self.abandon_at(index, &mut lock(&self.places[index]));
    }
}

/// A lock that may be held, by the moment of another thread or for ever by one that is gone.
fn patiently<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    for look in 0.. {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if look == LOOKS => break,
            Err(TryLockError::WouldBlock) => thread::park_timeout(Duration::from_millis(1)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;

    use super::*;
    use crate::options::LogOptions;

    fn watch(workers: usize) -> Watch {
        let log = log::Handle::install(&LogOptions::default(), Weak::new());
        Watch::new(workers, None, log.expect("nothing is logged"))
    }

    #[test]
    fn each_worker_and_the_run_have_room_for_a_name() {
        let watch = watch(3);
        let task = watch.begin(2, "task");
        let names = watch.within("teardown", || watch.running().names);
        assert_eq!(names, ["task", "teardown"]);
        drop(task);
        assert!(watch.running().names.is_empty());
    }

    #[test]
    fn an_abandoned_body_stays_beside_the_next_one_of_its_worker() {
        let watch = watch(1);
        let stuck = watch.begin(0, "stuck");
        watch.abandon(Some(0));
        assert_eq!(watch.running().names, ["stuck (abandoned)"]);
        let next = watch.begin(0, "next");
        let Running { names, caller } = watch.running();
        assert_eq!(
            (names, caller),
            (vec!["next".to_owned(), "stuck (abandoned)".to_owned()], Some(0))
        );
        // The late end of the first changes nothing for the second.
        drop(stuck);
        assert_eq!(watch.running().names, ["next"]);
        drop(next);
        assert!(watch.running().names.is_empty());
    }

    #[test]
    fn a_body_whose_worker_begins_another_was_abandoned() {
        let watch = watch(1);
        let (_stuck, _next) = (watch.begin(0, "stuck"), watch.begin(0, "next"));
        assert_eq!(watch.running().names, ["next", "stuck (abandoned)"]);
        watch.abandon(Some(0));
        watch.abandon(None);
        assert_eq!(watch.running().names, ["stuck (abandoned)", "next (abandoned)"]);
    }
}
