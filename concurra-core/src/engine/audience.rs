//! The observers of a run, and what they were told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::Observer;
use super::table::Table;
use super::warning::Warning;
use crate::event::Event;
use crate::failure::{self, Ending};
use crate::plan::Plan;

/// Passes events on: of each task in order, and nothing after its end.
pub(super) struct Audience<'o> {
    table: Arc<Table>,
    observers: &'o mut [Box<dyn Observer>],
    ear: Receiver<Told>,
    mouth: Sender<Told>,
    done: usize,
    /// For each task whether its end was told.
    ended: Vec<bool>,
    /// What went wrong in observers, and how often.
    panics: BTreeMap<String, Warning>,
}

/// What reaches the audience.
enum Told {
    Event(Box<Event>),
    /// Whoever conducts the run has nothing more to tell for now.
    Over,
}

/// Tells the audience; cheap to clone. Without observers no event is made.
#[derive(Clone)]
pub(crate) struct Teller(Option<Sender<Told>>);

impl Teller {
    /// Whether anybody listens.
    pub(crate) const fn is_heard(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(mouth) = &self.0 {
            // The audience hears until the run is over; what comes later concerns nobody.
            drop(mouth.send(Told::Event(Box::new(event()))));
        }
    }
}

impl<'o> Audience<'o> {
    pub(super) fn new(table: Arc<Table>, observers: &'o mut [Box<dyn Observer>]) -> Self {
        let tasks = if observers.is_empty() { 0 } else { table.plan.graph().len() };
        let (mouth, ear) = channel();
        let ended = vec![false; tasks];
        Self { table, observers, ear, mouth, done: 0, ended, panics: BTreeMap::new() }
    }

    pub(super) fn teller(&self) -> Teller {
        Teller((!self.observers.is_empty()).then(|| self.mouth.clone()))
    }

    pub(super) fn begin(&mut self, workers: usize) {
        self.observe(|observer, plan| observer.begin(plan, workers));
    }

    /// Calls the observers on this thread while `work` goes on elsewhere: what has to be done in
    /// time must not wait for one that takes long. Without observers `work` is done here.
    pub(super) fn attend(&mut self, work: impl FnOnce() + Send) {
        let mut work = Some(work);
        if !self.observers.is_empty() {
            let over = Over(self.mouth.clone());
            thread::scope(|scope| {
                let conduct = || {
                    let _over = over;
                    work.take().into_iter().for_each(|work| work());
                };
                let conductor = thread::Builder::new().name("conductor".to_owned());
                if conductor.spawn_scoped(scope, conduct).is_ok() {
                    self.listen();
                }
            });
        }
        // Where the system has no thread left, observers hear everything afterwards.
        work.into_iter().for_each(|work| work());
        self.hear_rest();
    }

    fn listen(&mut self) {
        while let Ok(Told::Event(event)) = self.ear.recv() {
            self.hear(*event);
        }
    }

    /// Passes on what was told while nobody listened.
    pub(super) fn hear_rest(&mut self) {
        while let Ok(told) = self.ear.try_recv() {
            if let Told::Event(event) = told {
                self.hear(*event);
            }
        }
    }

    /// Passes an event on. A stop may end a task whose worker is about to tell something of it.
    fn hear(&mut self, mut event: Event) {
        if event.task().is_some_and(|task| self.ended[task.index()]) {
            return;
        }
        if let Event::Finished(finished) = &mut event {
            self.ended[finished.task.index()] = true;
            self.done += 1;
            finished.done = self.done;
        }
        self.observe(|observer, plan| observer.event(plan, &event));
    }

    /// What went wrong in observers.
    pub(super) fn into_warnings(self) -> impl Iterator<Item = Warning> {
        self.panics.into_values()
    }

    /// Calls every observer; a panicking one does no harm.
    fn observe(&mut self, mut call: impl FnMut(&mut dyn Observer, &Plan)) {
        let plan = &self.table.plan;
        for observer in &mut *self.observers {
            let called = failure::guard(|| {
                call(observer.as_mut(), plan);
                Ok(())
            });
            if let Err(Ending::Failed(failure)) = called {
                let what = format!("{failure} at {:?}", failure.place);
                let known = self.panics.entry(what);
                let known = known.or_insert(Warning::Callback { failure, times: 0 });
                if let Warning::Callback { times, .. } = known {
                    *times += 1;
                }
            }
        }
    }
}

/// Lets the audience go when it is dropped, also by a panic.
struct Over(Sender<Told>);

impl Drop for Over {
    fn drop(&mut self) {
        drop(self.0.send(Told::Over));
    }
}
