//! Registry, plan, engine and state of Concurra. It holds all meaning and prints nothing.
//!
//! Use the crate `concurra`; this one is its inside. Data flows one way through its modules:
//! registration, catalog, selection, plan, graph, machine, engine, events, report.

#![forbid(unsafe_code)]

mod context;
mod event;
mod failure;
mod graph;
mod outcome;
pub mod probe;
mod registry;
mod state;
mod value;

pub use context::{Context, FromContext};
pub use event::{Event, Finished, StopReason};
pub use failure::{Ending, Failure, skip};
pub use graph::{Graph, TaskId};
pub use inventory;
pub use outcome::Outcome;
pub use registry::{FnBody, HookDef, HookKind, LinkDef, Place, Registration, TaskDef};
pub use state::{ResultError, Section, State, StateError};
pub use value::{Completion, Output, ParseValue, ResultType, Value, complete};
