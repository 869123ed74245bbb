//! The observers of a run, and what they were told.

use std::sync::Arc;

use super::Observer;
use super::table::Table;
use crate::event::Event;
use crate::failure::{self, Ending};
use crate::plan::Plan;

/// Passes events on: of each task in order, and nothing after its end.
pub(super) struct Audience<'o> {
    table: Arc<Table>,
    observers: &'o mut [Box<dyn Observer>],
    done: usize,
    /// For each task whether its end was told.
    told: Vec<bool>,
    warnings: Vec<String>,
}

impl<'o> Audience<'o> {
    pub(super) fn new(table: Arc<Table>, observers: &'o mut [Box<dyn Observer>]) -> Self {
        let tasks = if observers.is_empty() { 0 } else { table.plan.graph().len() };
        Self { table, observers, done: 0, told: vec![false; tasks], warnings: Vec::new() }
    }

    pub(super) fn is_there(&self) -> bool {
        !self.observers.is_empty()
    }

    pub(super) fn begin(&mut self, workers: usize) {
        self.observe(|observer, plan| observer.begin(plan, workers));
    }

    /// Tells an event. A stop may end a task whose worker is about to tell that it started.
    pub(super) fn tell(&mut self, mut event: Event) {
        match &mut event {
            Event::Finished(finished) => {
                if std::mem::replace(&mut self.told[finished.task.index()], true) {
                    return;
                }
                self.done += 1;
                finished.done = self.done;
            }
            Event::Ready { task } | Event::Started { task, .. } if self.told[task.index()] => {
                return;
            }
            _ => {}
        }
        self.observe(|observer, plan| observer.event(plan, &event));
    }

    /// What went wrong in observers.
    pub(super) fn into_warnings(self) -> Vec<String> {
        self.warnings
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
                let place = failure.place.as_deref().unwrap_or("an unknown place");
                self.warnings.push(format!("a callback {failure} at {place}"));
            }
        }
    }
}
