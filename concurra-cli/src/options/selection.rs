//! The tasks to run.

use concurra_core::{Ignored, NamedTask};

use super::table::{Row, choice, flag, texts};

/// What it means that no task is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTests {
    /// The call is good.
    Pass,
    /// The call is good, with a warning.
    Warn,
    /// The call has failed.
    Fail,
}

impl NoTests {
    const WORDS: [(&str, Self); 3] =
        [("pass", Self::Pass), ("warn", Self::Warn), ("fail", Self::Fail)];
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        texts(
            "tags",
            "EXPR",
            "Run tasks with tag a or b; & and ! combine tags; repeated options must all match",
            |to, tags| to.run.selection.tags = tags,
        ),
        texts("exclude-tags", "TAGS", "Leave out tasks with one of the tags a,b", |to, tags| {
            to.run.selection.exclude_tags = tags
        })
        .again(),
        texts("skip", "TEXT", "Leave out tasks whose names contain TEXT", |to, texts| {
            to.run.selection.skip = texts
        })
        .again(),
        flag("exact", "Filters and --skip match whole names only", |to| {
            to.run.selection.exact = true
        }),
        flag("ignored", "Run only ignored tasks, and their dependencies", |to| {
            to.run.selection.ignored = Ignored::Only
        })
        .with(|arg| arg.conflicts_with("include-ignored")),
        flag("include-ignored", "Run ignored tasks as well", |to| {
            to.run.selection.ignored = Ignored::Include
        }),
        flag("with-deps", "For file.rs::task: run its dependencies too", |to| {
            to.run.selection.deps = Some(true)
        })
        .with(|arg| arg.overrides_with("no-deps")),
        flag("no-deps", "Run the chosen tasks only, still in order", |to| {
            to.run.selection.deps = Some(false)
        }),
        choice(
            "no-tests",
            NoTests::WORDS,
            "When no task is selected: pass, print a warning, or fail [default: fail]",
            |to, what| to.run.no_tests = Some(what),
        ),
        flag("run-dependents", "Run tasks whose dependencies did not pass", |to| {
            to.run.settings.run_dependents = Some(true)
        }),
        texts("task", "NAME@MODULE", "Run this task alone", |to, names| {
            to.run.selection.only = names.iter().map(|name| named(name)).collect()
        })
        .with(|arg| arg.hide(true)),
    ]
}

/// `NAME` or `NAME@MODULE`, as `mtrun` writes them.
fn named(text: &str) -> NamedTask {
    let (name, module) = text.split_once('@').map_or((text, None), |(name, of)| (name, Some(of)));
    NamedTask { name: name.to_owned(), module: module.map(str::to_owned) }
}
