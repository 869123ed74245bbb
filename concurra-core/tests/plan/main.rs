//! Plans and selections through the public API, with added tasks.

mod labels;
mod many;
mod mocks;
#[path = "../support/placeless.rs"]
mod placeless;
mod problems;
mod selection;

use concurra_core::{Plan, Runner, Selection};
pub(crate) use placeless::placeless;

/// A runner of tasks that do nothing: name, dependencies and tags, each list in one text.
pub(crate) fn runner(tasks: &[(&str, &str, &str)]) -> Runner {
    let mut runner = Runner::new().workers(1);
    for (name, after, tags) in tasks {
        runner.add(*name, || ()).after(after.split_whitespace()).tags(tags.split_whitespace());
    }
    runner
}

/// The same with a selection.
pub(crate) fn selected(
    tasks: &[(&str, &str, &str)],
    choose: impl FnOnce(&mut Selection),
) -> Runner {
    let mut selection = Selection::default();
    choose(&mut selection);
    runner(tasks).select(selection)
}

/// The message of a wrong plan, without places.
pub(crate) fn error(runner: Runner) -> String {
    placeless(&runner.plan().expect_err("the plan is wrong").to_string())
}

/// The tasks of a plan in source order, each with its dependencies; dependencies that were pulled in are
/// in brackets.
pub(crate) fn edges(plan: &Plan) -> String {
    let name = |task: &concurra_core::TaskId| plan.task(*task).name();
    let line = |task| {
        let planned = plan.task(task);
        let needs: Vec<&str> = plan.graph().dependencies(task).iter().map(name).collect();
        let needs = if needs.is_empty() { String::new() } else { format!("<{}", needs.join(",")) };
        let name = planned.name();
        let dependency = planned.is_dependency();
        if dependency { format!("({name}){needs}") } else { format!("{name}{needs}") }
    };
    plan.graph().tasks().map(line).collect::<Vec<_>>().join(" ")
}
