//! The closing record of a run.

use concurra_core::{HookKind, Problem, ProblemKind, Report};

use crate::supervise::{Absent, Closing, ExitClass};

/// A name that this target does not have; another target may have it.
pub(super) fn absent(problem: &Problem) -> Absent {
    let mut bare = problem.clone();
    let (name, near) = match &mut bare {
        Problem::UnknownTag { tag, nearest, .. } => (tag.clone(), std::mem::take(nearest)),
        Problem::UnknownTask { name, nearest, .. } => (name.clone(), std::mem::take(nearest)),
        _ => (String::new(), Vec::new()),
    };
    let class = match problem.kind() {
        _ if problem.is_harmless() => ExitClass::Good,
        ProblemKind::Plan => ExitClass::Plan,
        ProblemKind::Selection => ExitClass::Option,
    };
    Absent { message: bare.to_string(), name, near, class }
}

/// The closing record of a run that has a report.
pub(super) fn of(report: &Report) -> Closing {
    let failed = |kind| report.hook_failures().filter(|(hook, _)| hook.hook == kind).count();
    let failed_setups = failed(HookKind::Setup);
    let class = match report.stopped() {
        Some(reason) if reason.is_signal() => ExitClass::Stopped(reason),
        _ if failed_setups > 0 => ExitClass::Setup,
        _ if report.is_good() => ExitClass::Good,
        _ => ExitClass::Failed,
    };
    Closing {
        counts: report.counts(),
        failed_setups,
        failed_teardowns: failed(HookKind::Teardown),
        ..Closing::new(class)
    }
}
