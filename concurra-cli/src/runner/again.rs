//! The command that runs a failed task again, with the same parameters and results.

use concurra_core::{Plan, Problem};

use crate::options::Options;
use crate::report::Again;
use crate::supervise::Link;

/// The command for tasks of this plan.
pub(super) fn command(link: &Link, options: &Options, plan: &Plan) -> Again {
    let chosen = &options.selection;
    // A task that was named ran alone; others need what they came after.
    let deps = chosen.with_deps.unwrap_or(chosen.only.is_empty());
    let flags = [
        (deps, "--with-deps"),
        (chosen.ignored || chosen.include_ignored, "--include-ignored"),
        (chosen.run_dependents, "--run-dependents"),
    ];
    let flags = flags.into_iter().filter(|(given, _)| *given).map(|(_, flag)| flag).collect();
    // A result for a task of another target would be refused where this target runs alone.
    let written = options.written.iter().filter(|written| {
        let mock = written.mock.as_deref();
        !mock.is_some_and(|mock| plan.absent().iter().any(|absent| is_of(absent, mock)))
    });
    Again { target: link.command().to_owned(), flags, written: written.cloned().collect() }
}

fn is_of(problem: &Problem, task: &str) -> bool {
    matches!(problem, Problem::UnknownTask { name, .. } if name == task)
}
