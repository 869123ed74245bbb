//! `--graph=json`: for programs.

use std::io::{self, Write};

use concurra_core::{Plan, Shape, TaskId};
use serde_json::{Value, json};

use super::list::names;

pub(super) fn write(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let shape = Shape::of(plan.graph());
    let tasks: Vec<Value> = plan.graph().tasks().map(|id| task(plan, id)).collect();
    let most = |found: Option<(TaskId, usize)>| {
        found.map(|(id, count)| json!({"task": plan.task(id).name(), "count": count}))
    };
    let graph = json!({
        "schema_version": 1,
        "tasks": tasks,
        "edges": plan.graph().edges(),
        "roots": shape.roots,
        "leaves": shape.leaves,
        "levels": shape.levels,
        "longest_chain": names(plan, &shape.longest_chain),
        "fan_in": most(shape.fan_in),
        "fan_out": most(shape.fan_out),
    });
    writeln!(out, "{graph:#}")
}

fn task(plan: &Plan, id: TaskId) -> Value {
    let task = plan.task(id);
    json!({
        "name": task.name(),
        "tags": task.tags().collect::<Vec<_>>(),
        "after": names(plan, plan.graph().dependencies(id)),
        "file": task.place().file,
        "line": task.place().line,
        "dependency": task.is_dependency(),
        "mocked": task.is_mocked(),
        "ignored": task.ignored(),
        "needs_excluded": task.needs_excluded(),
        "always": task.runs_always(),
        "serial": task.serial(),
        "alone": task.runs_alone(),
    })
}
