//! What workers read and write of a task, in one cache line.

use std::sync::atomic::{AtomicU32, AtomicU64};

use super::body::{Attributes, Body};
use super::callable::{Callable, Plain};
use crate::machine::Cell;
use crate::process::CommandSpec;
use crate::value::ResultType;

/// A task's status, times and body.
pub(crate) type Slot = Cell<Record, Plain>;

/// The times, the worker and the body of a task. The engine writes them.
pub(crate) struct Record {
    /// Nanoseconds since the start of the run.
    pub(crate) started: AtomicU64,
    /// In the same unit; zero before the end.
    pub(crate) ended: AtomicU64,
    pub(crate) worker: AtomicU32,
    pub(crate) body: Body,
}

/// Stands for the worker of a task that none has begun.
pub(crate) const NO_WORKER: u32 = u32::MAX;

impl Slot {
    /// The slot of a task that calls a function or a closure.
    pub(crate) fn calling(call: impl Callable + 'static) -> Self {
        Self::with(Body::default(), Plain(Some(Box::new(call))))
    }

    /// The slot of a task that runs a command.
    pub(crate) fn command(spec: CommandSpec) -> Self {
        Self::with(Body::command(spec), Plain::default())
    }

    fn with(body: Body, plain: Plain) -> Self {
        let (started, ended) = (AtomicU64::new(0), AtomicU64::new(0));
        Self::new(Record { started, ended, worker: AtomicU32::new(NO_WORKER), body }, plain)
    }

    /// Sets how the body is run.
    pub(crate) fn set_attributes(&mut self, attributes: Attributes) {
        let mut body = std::mem::take(&mut self.record.body);
        body.set_attributes(attributes, || self.content_mut().0.take());
        self.record.body = body;
    }

    /// The type of a closure's result.
    pub(crate) fn result_type(&mut self) -> Option<ResultType> {
        self.content_mut().0.as_ref()?.result_type()
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record").field("body", &self.body).finish_non_exhaustive()
    }
}
