//! Who holds which key or section, and who waits for it. Unaware of values and of tasks.
//!
//! One table serves all states of the process, as a thread may hold resources of several states and
//! a deadlock may lead through them. A thread owns its resources. Only a thread that starts to wait
//! can close a cycle: a thread that takes a free resource runs, and so waits for no other. Hence
//! one check before the first sleep is enough.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use super::error::StateError;
use crate::sync::lock;

/// A key of a state, or the state's section lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resource {
    /// The number of the state.
    pub(super) state: u64,
    /// `None` is the section lock.
    pub(super) key: Option<Arc<str>>,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "{key:?}"),
            None => f.write_str("`state.lock()`"),
        }
    }
}

/// A held resource; its drop releases the resource.
#[derive(Debug)]
pub(super) struct Hold {
    resource: Resource,
    /// The table knows holders by thread, so the thread that took a resource releases it.
    same_thread: PhantomData<MutexGuard<'static, ()>>,
}

impl Hold {
    /// Takes a resource, waiting for it when another thread holds it.
    pub(super) fn take(resource: Resource) -> Result<Self, StateError> {
        let me = thread::current().id();
        let mut table = lock(&TABLE);
        match table.holding(&resource) {
            None => table.give(&resource, me),
            Some(held) if held.thread == me => match &resource.key {
                Some(key) => return Err(StateError::InUse { key: key.to_string() }),
                None => held.depth += 1,
            },
            Some(_) => {
                table.refuse_deadlock(&resource, me)?;
                wait(table, &resource, me);
            }
        }
        Ok(Self { resource, same_thread: PhantomData })
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let waker = lock(&TABLE).release(&self.resource);
        if let Some(wake) = waker {
            wake.notify_one();
        }
    }
}

static TABLE: Mutex<Table> = Mutex::new(Table { held: Vec::new(), waiting: Vec::new() });

/// Sleeps until this thread has taken the resource. The waiter stays in the table for the whole time,
/// so that other threads see the wait when they look for a cycle.
fn wait(mut table: MutexGuard<'static, Table>, resource: &Resource, me: ThreadId) {
    let wake = Arc::new(Condvar::new());
    table.waiting.push(Waiter {
        thread: me,
        wants: resource.clone(),
        wake: Arc::clone(&wake),
        woken: false,
    });
    let free = wake.wait_while(table, |table| {
        let own = table.waiting.iter_mut().find(|waiter| waiter.thread == me);
        own.into_iter().for_each(|waiter| waiter.woken = false);
        table.holding(resource).is_some()
    });
    let mut table = free.unwrap_or_else(PoisonError::into_inner);
    table.waiting.retain(|waiter| waiter.thread != me);
    table.give(resource, me);
}

/// Both lists are short, so a scan is cheaper than hashing.
struct Table {
    held: Vec<Held>,
    /// In order of arrival.
    waiting: Vec<Waiter>,
}

struct Held {
    resource: Resource,
    thread: ThreadId,
    /// How often its thread has taken it; a thread can take only a section again.
    depth: usize,
}

struct Waiter {
    thread: ThreadId,
    wants: Resource,
    wake: Arc<Condvar>,
    /// Woken, but not running yet: a faster thread need not wake it again.
    woken: bool,
}

impl Table {
    fn holding(&mut self, resource: &Resource) -> Option<&mut Held> {
        self.held.iter_mut().find(|held| held.resource == *resource)
    }

    /// Gives a free resource to a thread.
    fn give(&mut self, resource: &Resource, thread: ThreadId) {
        self.held.push(Held { resource: resource.clone(), thread, depth: 1 });
    }

    /// Follows from the resource to its holder, to the resource that the holder waits for, and so on.
    /// The walk ends, as the table has no cycle yet.
    fn refuse_deadlock(&self, resource: &Resource, me: ThreadId) -> Result<(), StateError> {
        let mut wanted = resource;
        while let Some(held) = self.held.iter().find(|held| held.resource == *wanted) {
            if held.thread == me {
                let (wanted, held) = (resource.to_string(), wanted.to_string());
                return Err(StateError::WouldDeadlock { wanted, held });
            }
            match self.waiting.iter().find(|waiter| waiter.thread == held.thread) {
                Some(waiter) => wanted = &waiter.wants,
                None => break,
            }
        }
        Ok(())
    }

    /// Undoes one taking; after the last, returns the condition variable of the thread to wake.
    fn release(&mut self, resource: &Resource) -> Option<Arc<Condvar>> {
        let place = self.held.iter().position(|held| held.resource == *resource)?;
        self.held[place].depth -= 1;
        if self.held[place].depth > 0 {
            return None;
        }
        self.held.swap_remove(place);
        // Only the first in line: it will wake the next, and so will any thread that is faster.
        let first = self.waiting.iter_mut().find(|waiter| waiter.wants == *resource)?;
        if first.woken {
            return None;
        }
        first.woken = true;
        Some(Arc::clone(&first.wake))
    }
}

/// How many threads wait for something of this state.
#[cfg(test)]
pub(super) fn waiters(state: u64) -> usize {
    lock(&TABLE).waiting.iter().filter(|waiter| waiter.wants.state == state).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(state: u64, key: Option<&str>) -> Resource {
        Resource { state, key: key.map(Arc::from) }
    }

    /// Numbers that no real state of this process reaches.
    const ALONE: u64 = u64::MAX;
    const FIRST: u64 = u64::MAX - 1;
    const SECOND: u64 = u64::MAX - 2;
    const LINE: u64 = u64::MAX - 3;

    #[test]
    fn a_key_is_taken_once_and_a_section_often() {
        let key = Hold::take(resource(ALONE, Some("a"))).expect("free");
        let again = Hold::take(resource(ALONE, Some("a"))).expect_err("held");
        assert_eq!(again, StateError::InUse { key: "a".into() });
        let outer = Hold::take(resource(ALONE, None)).expect("free");
        let inner = Hold::take(resource(ALONE, None)).expect("re-entrant");
        drop((key, outer));
        // The section is still held once: another thread has to wait for it.
        thread::scope(|scope| {
            let other = scope.spawn(|| drop(Hold::take(resource(ALONE, None)).expect("free")));
            while waiters(ALONE) == 0 {
                thread::yield_now();
            }
            drop(inner);
            other.join().expect("it got the section");
        });
        drop(Hold::take(resource(ALONE, Some("a"))).expect("free again"));
    }

    #[test]
    fn a_circle_through_two_states_is_refused() {
        let mine = Hold::take(resource(FIRST, Some("a"))).expect("free");
        let (held, ready) = std::sync::mpsc::channel();
        thread::scope(|scope| {
            let other = scope.spawn(move || {
                let _theirs = Hold::take(resource(SECOND, Some("b"))).expect("free");
                held.send(()).expect("the test listens");
                drop(Hold::take(resource(FIRST, Some("a"))).expect("released"));
            });
            ready.recv().expect("the other thread holds its key");
            while waiters(FIRST) == 0 {
                thread::yield_now();
            }
            let error = Hold::take(resource(SECOND, Some("b"))).expect_err("a circle");
            let (wanted, held) = ("\"b\"".into(), "\"a\"".into());
            assert_eq!(error, StateError::WouldDeadlock { wanted, held });
            drop(mine);
            other.join().expect("it went on");
        });
    }

    #[test]
    fn a_line_of_waiters_is_served_to_its_end() {
        let hold = Hold::take(resource(LINE, Some("k"))).expect("free");
        thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| drop(Hold::take(resource(LINE, Some("k"))).expect("no circle")));
            }
            while waiters(LINE) < 6 {
                thread::yield_now();
            }
            drop(hold);
        });
        assert_eq!(waiters(LINE), 0);
    }
}
