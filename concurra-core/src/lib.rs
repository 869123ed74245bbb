//! Registry, plan, engine and state of Concurra. It holds all meaning and prints nothing.
//!
//! Use the crate `concurra`; this one is its inside. Data flows one way through its modules:
//! registration, catalog, selection, plan, graph, machine, engine, events, report.

#![deny(unsafe_code)]

#[doc(hidden)]
pub mod codec;
mod context;
mod counts;
mod engine;
mod event;
mod failure;
mod graph;
mod isolate;
mod label;
mod logged;
mod machine;
mod max_fail;
mod names;
pub mod nearest;
mod outcome;
mod plan;
mod policy;
pub mod probe;
mod problem;
mod process;
mod registry;
mod report;
mod runner;
mod secret;
mod selection;
mod settings;
mod shape;
#[doc(hidden)]
pub mod shown;
mod signals;
mod state;
mod sync;
mod task;
mod type_text;
mod value;
mod view;

pub use context::{Context, FromContext};
pub use counts::Counts;
pub use engine::{Around, Canceller, Observer, is_cancelled};
pub use event::{
    AttemptRecord, EVENT_VERSION, Event, Finished, HookFinished, HookKind, HookStarted, Rerun,
    RunFinished, RunStarted, SelectionSummary, StopReason, TaskInfo, TaskOutput,
};
pub use failure::{Ending, Failure, expect_panic, skip};
pub use graph::{Graph, Rows, TaskId};
pub use inventory;
pub use isolate::{worker_process, worker_process_with};
pub use machine::{Cell, Machine, Reach, Step};
pub use max_fail::MaxFail;
pub use names::Home;
pub use outcome::{ExecutionMode, Outcome};
pub use plan::{Plan, PlannedTask};
pub use policy::{Backoff, Retries};
pub use problem::{PlanError, Problem, ProblemKind, Site};
pub use process::{Captured, CommandOutput};
pub use registry::{FnBody, HookDef, LinkDef, Place, Registration, TaskDef, TaskOptions, target};
pub use report::{Report, RunFailed, TaskReport};
pub use runner::{
    PlannedRunner, Progress, RunStart, Runner, Running, TaskBuilder, TaskDone, registered_anywhere,
    registered_in,
};
#[doc(hidden)]
pub use secret::Secrets;
pub use selection::{Ignored, NamedTask, Selection};
#[doc(hidden)]
pub use settings::Settings;
pub use shape::{Shape, depths};
pub use signals::{Answer, TakenSignals, ignore_signals, install_handlers};
pub use state::{KnownAs, ResultError, ResultsView, Section, State, StateError, UnreadParam};
pub use value::{
    Completion, DecodeValue, EncodeValue, IntoFailure, IntoOutput, Output, ParseValue, ResultType,
    TaskResult, Value, complete,
};
pub use view::RunView;
