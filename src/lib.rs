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
    Failure, Finished, Graph, HookFinished, HookKind, HookStarted, Ignored, IntoFailure,
    IntoOutput, KnownAs, MaxFail, Outcome, Output, Place, Plan, PlanError, PlannedRunner,
    PlannedTask, Problem, ProblemKind, Progress, Report, Rerun, ResultError, ResultsView, Retries,
    RunFailed, RunFinished, RunStart, RunStarted, RunView, Runner, Running, Section, Selection,
    SelectionSummary, Site, State, StateError, StopReason, TaskBuilder, TaskDone, TaskId, TaskInfo,
    TaskOutput, TaskReport, TaskResult, is_cancelled, worker_process,
};

/// The items that expansions of the macros use; not part of the API.
#[doc(hidden)]
pub mod __private {
    pub use crate::private::*;
}

/// Every type in a public signature can be named.
///
/// ```
/// use concurra::{Graph, HookFinished, Plan, Report, Runner, SelectionSummary, Site, TaskId};
///
/// fn roots(graph: &Graph) -> Vec<TaskId> {
///     graph.tasks().filter(|task| graph.dependencies(*task).is_empty()).collect()
/// }
///
/// fn selection(plan: &Plan) -> &SelectionSummary {
///     plan.selection()
/// }
///
/// fn failed_hooks(report: &Report) -> Vec<&HookFinished> {
///     report.hook_failures().map(|(hook, _)| hook).collect()
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
/// assert_eq!(selection(report.plan()).chosen, 2);
/// assert!(failed_hooks(&report).is_empty());
/// # Ok::<(), concurra::PlanError>(())
/// ```
#[cfg(doctest)]
struct Named;
