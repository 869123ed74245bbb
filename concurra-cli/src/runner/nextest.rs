//! nextest starts a process per test: what is a test there is a connected set of tasks, named
//! after its first, unless `main!(nextest = "task")` says otherwise.

use concurra_core::Plan;

use crate::show::groups;

/// Whether nextest started this process.
pub(super) fn is_parent() -> bool {
    std::env::var_os("NEXTEST").is_some_and(|value| value == "1")
}

/// A connected set of tasks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The first chosen task's name.
    pub(super) name: String,
    /// All chosen tasks' names.
    pub(super) members: Vec<String>,
    /// Whether nothing of it would run.
    pub(super) ignored: bool,
}

/// The plan's connected sets in source order.
pub(super) fn of(plan: &Plan) -> Vec<Group> {
    let chosen = |members: Vec<_>| {
        let tasks = members.into_iter().map(|id| plan.task(id));
        let tasks: Vec<_> = tasks.filter(|task| !task.is_dependency()).collect();
        let name = tasks.first()?.name().to_owned();
        let members = tasks.iter().map(|task| task.name().to_owned()).collect();
        let ignored = tasks.iter().all(|task| task.ignored().is_some());
        Some(Group { name, members, ignored })
    };
    groups(plan.graph()).into_iter().filter_map(chosen).collect()
}
