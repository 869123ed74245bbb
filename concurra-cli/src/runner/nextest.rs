//! nextest starts a process per test. A test is a connected set of tasks, named after its first task, or
//! a single task with `main!(nextest = "task")`.
//!
//! The sets come from a plan with all ignored tasks, so that `--list`, `--ignored` and `--exact` mean
//! the same sets.

use std::collections::HashSet;

use concurra_core::{Ignored, Plan, PlannedTask, Selection};

use crate::show::{Test, groups};

/// Whether nextest started this process.
pub(super) fn is_parent() -> bool {
    std::env::var_os("NEXTEST").is_some_and(|value| value == "1")
}

/// A connected set of tasks.
#[derive(Debug)]
struct Group<'p> {
    /// All chosen tasks in source order; there is at least one.
    members: Vec<&'p PlannedTask>,
    /// Why a plain run would run no task of the set, as ignored tasks are left out. nextest may list only
    /// such a set as ignored.
    ignored: Option<&'static str>,
}

/// The plan's connected sets in source order.
fn of(plan: &Plan) -> Vec<Group<'_>> {
    let why = out_of_reach(plan);
    let chosen = |set: Vec<_>| {
        let chosen: Vec<_> = set.into_iter().filter(|id| !plan.task(*id).is_dependency()).collect();
        let first = *chosen.first()?;
        let all = chosen.iter().all(|id| why[id.index()].is_some());
        let ignored = why[first.index()].filter(|_| all);
        Some(Group { members: chosen.into_iter().map(|id| plan.task(id)).collect(), ignored })
    };
    groups(plan).into_iter().filter_map(chosen).collect()
}

/// For each task why a plain run, without ignored tasks, leaves it out; none when it runs.
fn out_of_reach(plan: &Plan) -> Vec<Option<&'static str>> {
    let mut why: Vec<Option<&'static str>> = vec![None; plan.tasks().len()];
    for id in plan.graph().order() {
        let task = plan.task(id);
        let mut needed = plan.graph().dependencies(id).iter();
        let above = needed.find_map(|needed| why[needed.index()]);
        why[id.index()] = task.marked_ignored().or(above.filter(|_| !task.runs_always()));
    }
    why
}

/// The sets with a chosen task, as tests.
pub(super) fn tests<'p>(whole: &'p Plan, chosen: &Plan, only_ignored: bool) -> Vec<Test<'p>> {
    let chosen = chosen.tasks().iter().filter(|task| !task.is_dependency());
    let chosen: HashSet<&str> = chosen.map(PlannedTask::name).collect();
    let groups = of(whole).into_iter().filter(|group| group.ignored.is_some() || !only_ignored);
    let groups =
        groups.filter(|group| group.members.iter().any(|task| chosen.contains(task.name())));
    groups.map(|group| Test { ignored: group.ignored, ..Test::from(group.members[0]) }).collect()
}

/// With `sets`, takes names of sets out of the filters and returns the names of their tasks. Other names
/// stay filters.
///
/// # Errors
/// A name that no task has.
pub(super) fn choose(
    selection: &mut Selection,
    whole: &Plan,
    sets: bool,
) -> Result<Vec<String>, String> {
    let groups = if sets { of(whole) } else { Vec::new() };
    let mut members = Vec::new();
    for name in std::mem::take(&mut selection.filters) {
        if let Some(group) = groups.iter().find(|group| group.members[0].name() == name) {
            members.extend(group.members.iter().map(|member| member.name().to_owned()));
            if selection.ignored == Ignored::Only && group.ignored.is_some() {
                // With `--ignored` alone, tasks that need an ignored task would be left out.
                selection.ignored = Ignored::Include;
            }
        } else if whole.tasks().iter().any(|task| task.name() == name) {
            selection.filters.push(name);
        } else {
            return Err(name);
        }
    }
    Ok(members)
}
