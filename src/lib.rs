//! Tasks that depend on each other: annotated functions, run in parallel and in order.
//!
//! ```
//! use concurra::{State, task};
//!
//! #[task]
//! fn load() -> Vec<u32> {
//!     vec![1, 2, 3]
//! }
//!
//! #[task(after = ["load"], with_state)]
//! fn total(state: &State) -> u32 {
//!     state.result::<Vec<u32>>("load").map_or(0, |rows| rows.iter().sum())
//! }
//!
//! concurra::main!();
//! ```

#![forbid(unsafe_code)]

mod attributes;
mod link_macro;
mod main_macro;
mod private;
mod skip_macro;

#[doc(inline)]
pub use attributes::{setup, task, teardown};
pub use concurra_core::{
    Canceller, Counts, Event, Failure, Finished, Ignored, Outcome, Output, Plan, PlanError,
    PlannedRunner, PlannedTask, Problem, ProblemKind, Report, ResultError, ResultsView, RunFailed,
    RunStart, Runner, Section, Selection, State, StateError, StopReason, TaskBuilder, TaskDone,
    TaskId, TaskReport,
};

/// What expansions of the macros name; no part of the API.
#[doc(hidden)]
pub mod __private {
    pub use crate::private::*;
}
