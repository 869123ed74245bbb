#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod attributes;
mod link_macro;
mod main_macro;
mod private;
mod skip_macro;

#[doc(inline)]
pub use attributes::{setup, task, teardown};
pub use concurra_core::{
    Backoff, Canceller, Captured, CommandOutput, Counts, Event, ExecutionMode, Failure, Finished,
    Ignored, Outcome, Output, Plan, PlanError, PlannedRunner, PlannedTask, Problem, ProblemKind,
    Progress, Report, ResultError, ResultsView, RunFailed, RunStart, Runner, Running, Section,
    Selection, State, StateError, StopReason, TaskBuilder, TaskDone, TaskId, TaskOutput,
    TaskReport, is_cancelled, worker_process,
};

/// What expansions of the macros name; no part of the API.
#[doc(hidden)]
pub mod __private {
    pub use crate::private::*;
}
