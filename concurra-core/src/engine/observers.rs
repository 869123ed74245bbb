//! The observers of a run, and the events on their way to them.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, Thread};
use std::time::Duration;

use super::Observer;
use super::table::Table;
use super::warning::Warning;
use crate::event::{Event, Finished};
use crate::failure;
use crate::graph::TaskId;
use crate::plan::{Plan, PlannedTask};

/// Passes events on to the observers: those of a task in order, and none after its end.
pub(super) struct Observers<'o> {
    table: Arc<Table>,
    observers: &'o mut [Box<dyn Observer>],
    receiver: Receiver<Sent>,
    pub(super) events: Events,
    wants_results: bool,
    /// Whether results may become secret texts during the run.
    makes_secrets: bool,
    done: usize,
    /// For each ended task the fingerprint of its last event.
    ended: Vec<Option<u64>>,
    /// Panics of observers, by their text.
    panics: BTreeMap<String, Warning>,
}

/// How long the conductor waits for observers before a hook, so that what the hook prints comes after the
/// lines about earlier events.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(100);

/// How long observers let events gather after each batch. To wake them for an event costs its worker more
/// than the event.
const GATHERING: Duration = Duration::from_millis(5);

enum Sent {
    Event(Event),
    /// The conductor waits until the observers have all events before this one.
    Flush(Sender<()>),
    /// The conductor sends nothing more for now.
    Over,
}

/// Sends events to the thread of the observers; cheap to clone. Without observers no event is made.
#[derive(Clone)]
pub(crate) struct Events(Option<(Sender<Sent>, Thread)>);

impl Events {
    /// Whether there are observers.
    pub(crate) const fn are_observed(&self) -> bool {
        self.0.is_some()
    }

    /// Waits until the observers have all events so far, but not for long.
    pub(crate) fn flush(&self) {
        let (done, flushed) = channel();
        self.send_now(Sent::Flush(done));
        let _ = flushed.recv_timeout(FLUSH_TIMEOUT);
    }

    #[inline]
    pub(crate) fn send(&self, event: impl FnOnce() -> Event) {
        if let Some((sender, _)) = &self.0 {
            make_and_send(sender, event);
        }
    }

    /// Ends the wait for more events.
    pub(crate) fn hurry(&self) {
        self.0.iter().for_each(|(_, observers)| observers.unpark());
    }

    fn send_now(&self, sent: Sent) {
        if let Some((sender, _)) = &self.0 {
            drop(sender.send(sent));
        }
        self.hurry();
    }
}

/// Not inlined, as the stack frame of each caller would grow by an event.
#[cold]
#[inline(never)]
fn make_and_send(sender: &Sender<Sent>, event: impl FnOnce() -> Event) {
    // No observer receives events after the end of the run.
    drop(sender.send(Sent::Event(event())));
}

impl<'o> Observers<'o> {
    pub(super) fn new(table: Arc<Table>, observers: &'o mut [Box<dyn Observer>]) -> Self {
        let is_observed = !observers.is_empty();
        let tasks = if is_observed { table.plan.graph().len() } else { 0 };
        let (sender, receiver) = channel();
        let makes_secrets = is_observed && table.plan.tasks().iter().any(PlannedTask::is_secret);
        Self {
            wants_results: observers.iter().any(|observer| observer.wants_results()),
            table,
            observers,
            receiver,
            events: Events(is_observed.then(|| (sender, thread::current()))),
            makes_secrets,
            done: 0,
            ended: vec![None; tasks],
            panics: BTreeMap::new(),
        }
    }

    /// Calls the observers on this thread while another one does `work`, so that a slow observer delays
    /// no timeout. Without observers this thread does `work`.
    pub(super) fn attend(&mut self, work: impl FnOnce() + Send) {
        let mut work = Some(work);
        if !self.observers.is_empty() {
            let over = Over(self.events.clone());
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
        // When the system has no thread left, observers get all events after the work.
        work.into_iter().for_each(|work| work());
        self.drain();
    }

    /// Uses no CPU while nothing happens.
    fn listen(&mut self) {
        loop {
            let sent = self.receiver.try_recv().or_else(|_| {
                self.observe(|observer, _| observer.idle());
                thread::park_timeout(GATHERING);
                self.receiver.try_recv().or_else(|_| self.receiver.recv())
            });
            match sent {
                Ok(Sent::Event(event)) => self.pass_on(event),
                Ok(Sent::Flush(done)) => {
                    self.observe(|observer, _| observer.idle());
                    let _ = done.send(());
                }
                Ok(Sent::Over) | Err(_) => return,
            }
        }
    }

    /// Passes on the events that have arrived, without waiting.
    pub(super) fn drain(&mut self) {
        while let Ok(sent) = self.receiver.try_recv() {
            if let Sent::Event(event) = sent {
                self.pass_on(event);
            }
        }
        self.observe(|observer, _| observer.idle());
    }

    /// Passes an event on, unless its task has ended: a stop may end a task while its worker sends an
    /// event about it.
    pub(super) fn pass_on(&mut self, mut event: Event) {
        if event.task().is_some_and(|task| self.ended[task.index()].is_some()) {
            return;
        }
        if let Event::Finished(finished) = &mut event {
            let finished = Arc::make_mut(finished);
            self.done += 1;
            finished.done = self.done;
            self.add_result(finished);
            let print = if self.makes_secrets { fingerprint(finished) } else { 0 };
            self.ended[finished.task.index()] = Some(print);
        }
        self.observe(|observer, plan| observer.event(plan, &event));
    }

    /// Passes the end of a task on once more when a text in it has become secret since.
    pub(super) fn remask(&mut self) {
        for index in 0..if self.makes_secrets { self.ended.len() } else { 0 } {
            let task = TaskId::from(index);
            let outcome = self.table.machine.outcome(task);
            let Some((outcome, before)) = outcome.zip(self.ended[index]) else { continue };
            let mut finished = self.table.finished(task, outcome, 0);
            self.add_result(&mut finished);
            if fingerprint(&finished) != before {
                finished.done = self.done;
                let event = Event::Remasked(finished.into());
                self.observe(|observer, plan| observer.event(plan, &event));
            }
        }
    }

    fn add_result(&self, finished: &mut Finished) {
        if self.wants_results {
            finished.result = self.table.result_json(finished.task);
        }
    }

    /// The panics of observers so far.
    pub(super) fn take_warnings(&mut self) -> impl Iterator<Item = Warning> + use<> {
        std::mem::take(&mut self.panics).into_values()
    }

    /// Calls every observer, and keeps the panics for warnings.
    fn observe(&mut self, mut call: impl FnMut(&mut dyn Observer, &Plan)) {
        let plan = &self.table.plan;
        for observer in &mut *self.observers {
            if let Some(failure) = failure::panic_of(|| call(observer.as_mut(), plan)) {
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

/// A hash of all texts of the event that may hold secrets.
fn fingerprint(finished: &Finished) -> u64 {
    let Finished { failure, cause, result, output, warning, attempt_records, .. } = finished;
    let texts = serde_json::to_string(&(failure, cause, result, output, warning, attempt_records));
    BuildHasherDefault::<DefaultHasher>::default().hash_one(texts.unwrap_or_default())
}

/// Ends the wait for events when it is dropped, also by a panic.
struct Over(Events);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.send_now(Sent::Over);
    }
}
