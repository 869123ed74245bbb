//! From options to a runner of the core.

use std::time::Duration;

use std::num::NonZeroUsize;

use concurra_core::{Home, Ignored, NamedTask, Runner, Selection, registered_in};

use crate::Root;
use crate::options::{AttemptOptions, Options};

/// After how long a running task is told to be slow.
const SLOW: Duration = Duration::from_secs(60);

/// The runner that the options ask for.
pub(super) fn runner(root: &Root, options: &Options, selection: Selection) -> Runner {
    let home = Home { krate: root.module, target: root.target, hidden: root.hidden };
    let mut runner = registered_in(home)
        .name(root.module)
        .select(selection)
        .max_fail(options.max_fail.map_or(0, NonZeroUsize::get))
        .run_dependents(options.selection.run_dependents)
        .secret_params(root.defaults.get_secret().iter().copied());
    runner = attempts(runner, root, &options.attempts);
    if let Some(workers) = options.workers.or_else(|| root.defaults.get_workers()) {
        runner = runner.workers(workers.get());
    }
    for (name, text) in &options.mocks {
        runner = runner.mock(name, text.as_deref());
    }
    runner
}

/// How often and how long tasks are tried: what the command line says goes before `main!`.
fn attempts(mut runner: Runner, root: &Root, options: &AttemptOptions) -> Runner {
    runner = runner
        .isolate(options.isolate)
        .flaky_fails(options.flaky_fails)
        .slow(options.slow.unwrap_or(SLOW));
    if let Some(retries) = options.retries.or_else(|| root.defaults.get_retries()) {
        runner = runner.retries(retries);
    }
    if let Some(timeout) = options.timeout.or_else(|| root.defaults.get_timeout()) {
        runner = runner.timeout(timeout);
    }
    if let Some(timeout) = options.run_timeout {
        runner = runner.run_timeout(timeout);
    }
    if let Some(grace) = options.grace {
        runner = runner.grace(grace);
    }
    runner
}

/// The selection that the options ask for. Among several targets, a name that this one does not
/// know may belong to another.
pub(super) fn selection(options: &Options, several: bool) -> Selection {
    let chosen = &options.selection;
    let mut selection = Selection::default();
    selection.tags.clone_from(&chosen.tags);
    selection.exclude_tags.clone_from(&chosen.exclude_tags);
    selection.filters.clone_from(&chosen.filters);
    selection.skip.clone_from(&chosen.skip);
    selection.only = chosen.only.iter().map(|task| named_task(task)).collect();
    selection.exact = chosen.exact;
    selection.deps = chosen.with_deps;
    selection.tolerant = several;
    selection.ignored = match (chosen.ignored, chosen.include_ignored) {
        (true, _) => Ignored::Only,
        (_, true) => Ignored::Include,
        _ => Ignored::Leave,
    };
    selection
}

/// `NAME` or `NAME@MODULE`, as `mtrun` writes them.
fn named_task(text: &str) -> NamedTask {
    let (name, module) = text.split_once('@').map_or((text, None), |(name, of)| (name, Some(of)));
    NamedTask { name: name.to_owned(), module: module.map(str::to_owned) }
}
