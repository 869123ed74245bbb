//! From options to a runner of the core.

use concurra_core::{Home, Ignored, Runner, Selection, State};

use crate::Root;
use crate::options::Options;

/// The runner that the options ask for.
pub(super) fn runner(root: &Root, options: &Options, selection: Selection) -> Runner {
    let home = Home { krate: root.module, target: root.target, hidden: root.hidden };
    let mut runner = Runner::registered_at(Some(home))
        .select(selection)
        .max_fail(options.max_fail)
        .run_dependents(options.selection.run_dependents)
        .state(State::with_params(options.params.clone()));
    if let Some(workers) = options.workers.or_else(|| root.defaults.get_workers()) {
        runner = runner.workers(workers.get());
    }
    for (name, text) in &options.mocks {
        runner = runner.mock(name, text.as_deref());
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
    selection.only.clone_from(&chosen.only);
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
