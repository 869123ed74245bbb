//! The line about a stop: what still runs, and what the next Ctrl-C does.

use concurra_core::{HookKind, HookStarted, RunView, StopReason, TaskInfo};

use super::Style;

/// The most names on the line.
const MOST_NAMES: usize = 5;

/// `interrupted: nothing more starts; waiting for a, b; Ctrl-C again cancels them`.
pub(super) fn stopping(reason: StopReason, cancels: bool, run: &RunView, style: Style) -> String {
    let is_cancelled = |hook: &&HookStarted| cancels && hook.hook == HookKind::Setup;
    let hook = |hook: &HookStarted| format!("{} {}", hook.hook, hook.name);
    let (cancelled, waited): (Vec<_>, Vec<_>) =
        run.running_tasks().partition(|task| cancels && !task.runs_always);
    let list = |hooks: Option<&HookStarted>, tasks: Vec<&TaskInfo>| {
        let tasks = tasks.into_iter().map(|task| task.name.clone());
        hooks.map(hook).into_iter().chain(tasks).collect::<Vec<_>>()
    };
    let is_cancellable = run.running_hook().is_some_and(|hook| hook.hook == HookKind::Setup)
        || waited.iter().any(|task| !task.runs_always);
    let cancelled = names(&list(run.running_hook().filter(is_cancelled), cancelled));
    let mut waited = list(run.running_hook().filter(|hook| !is_cancelled(hook)), waited);
    waited.extend(run.awaited.iter().map(|name| format!("{name} (abandoned)")));
    let waited = names(&waited);
    let mut line = format!("{}: nothing more starts", style.bad(reason));
    if let Some(cancelled) = cancelled {
        line += &format!("; cancelling {cancelled}");
    }
    if let Some(waited) = &waited {
        line += &format!("; waiting for {waited}");
    }
    if reason.is_signal() {
        line += next(reason, cancels, is_cancellable, waited.is_some());
    }
    line
}

/// What the next signal does.
const fn next(
    reason: StopReason,
    cancels: bool,
    is_cancellable: bool,
    waits: bool,
) -> &'static str {
    let is_typed = matches!(reason, StopReason::Interrupt);
    match (cancels, is_typed) {
        (true, true) => "; Ctrl-C again exits at once",
        (true, false) => "; another signal exits at once",
        (false, _) if is_cancellable => "; Ctrl-C again cancels them",
        (false, _) if waits => "; Ctrl-C twice more exits at once",
        (false, _) => "",
    }
}

/// The first names, and how many more there are.
pub(super) fn names(all: &[String]) -> Option<String> {
    let shown = all.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match all.len() {
        0 => None,
        count if count > MOST_NAMES => Some(format!("{shown} and {} more", count - MOST_NAMES)),
        _ => Some(shown),
    }
}
