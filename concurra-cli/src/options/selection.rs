//! Which tasks run.

use clap::{Arg, ArgMatches};

use super::table::{all, flag, one, text, texts};

/// Which tasks were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectionOptions {
    /// Parts of names, or whole names with `exact`.
    pub filters: Vec<String>,
    /// The filters are whole names.
    pub exact: bool,
    /// Names that contain one of these are left out.
    pub skip: Vec<String>,
    /// One expression for each `--tags`; all must hold.
    pub tags: Vec<String>,
    /// One list for each `--exclude-tags`; a task with any of these tags is left out.
    pub exclude_tags: Vec<String>,
    /// Only ignored tasks.
    pub ignored: bool,
    /// Ignored tasks as well.
    pub include_ignored: bool,
    /// Whether what the chosen tasks need is pulled in; by default that depends on how they were chosen.
    pub with_deps: Option<bool>,
    /// Run tasks whose dependencies did not pass.
    pub run_dependents: bool,
    /// Run this task alone.
    pub only: Option<String>,
}

pub(super) fn args() -> Vec<Arg> {
    vec![
        texts("tags", "EXPR", "Tasks with one of the tags a,b; a&!b inside; all --tags must hold"),
        texts("exclude-tags", "TAGS", "Leave out tasks with one of the tags a,b"),
        texts("skip", "TEXT", "Leave out tasks whose names contain TEXT"),
        flag("exact", "Filters are whole names"),
        flag("ignored", "Run only ignored tasks").conflicts_with("include-ignored"),
        flag("include-ignored", "Run ignored tasks as well"),
        flag("with-deps", "Also run what the chosen tasks need").overrides_with("no-deps"),
        flag("no-deps", "Run the chosen tasks only, still in order"),
        flag("run-dependents", "Run tasks whose dependencies did not pass"),
        text("task", "NAME", "The one task to run").hide(true),
    ]
}

pub(super) fn read(matches: &ArgMatches) -> SelectionOptions {
    let with_deps = match (matches.get_flag("with-deps"), matches.get_flag("no-deps")) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    SelectionOptions {
        filters: Vec::new(),
        exact: matches.get_flag("exact"),
        skip: all(matches, "skip"),
        tags: all(matches, "tags"),
        exclude_tags: all(matches, "exclude-tags"),
        ignored: matches.get_flag("ignored"),
        include_ignored: matches.get_flag("include-ignored"),
        with_deps,
        run_dependents: matches.get_flag("run-dependents"),
        only: one(matches, "task"),
    }
}
