//! `--graph=json`: for programs.

use std::io::{self, Write};

use concurra_core::{Plan, Shape, TaskId};
use serde_json::{Value, json};

pub(super) fn write(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let shape = Shape::of(plan.graph());
    let name = |id: &TaskId| plan.task(*id).name();
    let tasks: Vec<Value> = plan.graph().tasks().map(|id| task(plan, id)).collect();
    let most = |found: Option<(TaskId, usize)>| {
        found.map(|(id, count)| json!({"task": name(&id), "count": count}))
    };
    let graph = json!({
        "schema_version": 1,
        "tasks": tasks,
        "edges": plan.graph().edges(),
        "roots": shape.roots,
        "leaves": shape.leaves,
        "levels": shape.levels,
        "longest_chain": shape.longest_chain.iter().map(name).collect::<Vec<_>>(),
        "fan_in": most(shape.fan_in),
        "fan_out": most(shape.fan_out),
    });
    writeln!(out, "{graph:#}")
}

fn task(plan: &Plan, id: TaskId) -> Value {
    let task = plan.task(id);
    let after: Vec<_> =
        plan.graph().dependencies(id).iter().map(|id| plan.task(*id).name()).collect();
    json!({
        "name": task.name(),
        "tags": task.tags().collect::<Vec<_>>(),
        "after": after,
        "file": task.place().file,
        "line": task.place().line,
        "dependency": task.is_dependency(),
        "mocked": task.is_mocked(),
        "ignored": task.ignored(),
    })
}
