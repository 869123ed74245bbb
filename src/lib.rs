#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod attributes;
mod link_macro;
mod main_macro;
mod private;
mod registered_macro;
mod skip_macro;

#[doc(inline)]
pub use attributes::{setup, task, teardown};
pub use concurra_core::{
    AttemptRecord, Backoff, Canceller, Captured, CommandOutput, Counts, Event, ExecutionMode,
    Failure, Finished, Graph, Head, HookFailure, Ignored, Outcome, Output, Place, Plan, PlanError,
    PlannedRunner, PlannedTask, Problem, ProblemKind, Progress, Report, ResultError, ResultsView,
    RunFailed, RunStart, Runner, Running, Section, Selection, Site, State, StateError, StopReason,
    TaskBuilder, TaskDone, TaskId, TaskOutput, TaskReport, is_cancelled, worker_process,
};

/// What expansions of the macros name; no part of the API.
#[doc(hidden)]
pub mod __private {
    pub use crate::private::*;
}

/// What users meet in signatures has a name here.
///
/// ```
/// use concurra::{Graph, Head, HookFailure, Place, Plan, Report, Runner, Site, TaskId};
///
/// fn roots(graph: &Graph) -> Vec<TaskId> {
///     graph.tasks().filter(|task| graph.dependencies(*task).is_empty()).collect()
/// }
///
/// fn head(plan: &Plan) -> &Head {
///     plan.head()
/// }
///
/// fn place(failure: &HookFailure) -> Place {
///     failure.place
/// }
///
/// fn failed_hooks(report: &Report) -> Vec<Place> {
///     report.hook_failures().iter().map(place).collect()
/// }
///
/// fn declared(site: &Site) -> String {
///     site.to_string()
/// }
///
/// let mut runner = Runner::new();
/// runner.add("load", || 1);
/// runner.add("count", || 2).after(["load"]);
/// let report = runner.run()?;
/// assert_eq!(roots(report.plan().graph()).len(), 1);
/// assert_eq!(head(report.plan()).chosen, 2);
/// assert!(failed_hooks(&report).is_empty());
/// # Ok::<(), concurra::PlanError>(())
/// ```
#[cfg(doctest)]
struct Named;
