//! `--graph`: the levels and the figures of the graph in words.

use std::io::{self, Write};

use concurra_core::{Plan, Shape, TaskId, depths};

use super::list::{names, write_task};
use crate::console::plural;

/// Names of a chain that are written out; the middle of a longer one is left out.
const LONGEST_WRITTEN: usize = 12;

pub(super) fn write(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let shape = Shape::of(plan.graph());
    let depth = depths(plan.graph());
    let mut by_level: Vec<TaskId> = plan.graph().tasks().collect();
    by_level.sort_by_key(|task| depth[task.index()]);
    let levels = by_level.chunk_by(|task, next| depth[task.index()] == depth[next.index()]);
    for (level, tasks) in levels.enumerate() {
        writeln!(out, "level {level}")?;
        for id in tasks {
            write!(out, "  ")?;
            write_task(plan, *id, "<-", out)?;
        }
    }
    write_figures(plan, &shape, out)
}

fn write_figures(plan: &Plan, shape: &Shape, out: &mut dyn Write) -> io::Result<()> {
    let most = |found: Option<(TaskId, usize)>| match found {
        Some((task, count)) => format!("{count} ({})", plan.task(task).name()),
        None => "0".to_owned(),
    };
    writeln!(out)?;
    writeln!(out, "tasks          {}", plan.graph().len())?;
    writeln!(out, "edges          {}", plan.graph().edges())?;
    writeln!(out, "roots          {}", shape.roots)?;
    writeln!(out, "leaves         {}", shape.leaves)?;
    let widest = shape.levels.iter().max().copied().unwrap_or(0);
    let (levels, s) = (shape.levels.len(), plural(widest));
    writeln!(out, "levels         {levels} (the widest has {widest} task{s})")?;
    writeln!(out, "longest chain  {}: {}", shape.longest_chain.len(), chain(plan, shape))?;
    writeln!(out, "most fan-in    {}", most(shape.fan_in))?;
    writeln!(out, "most fan-out   {}", most(shape.fan_out))
}

fn chain(plan: &Plan, shape: &Shape) -> String {
    let all = names(plan, &shape.longest_chain);
    if all.len() <= LONGEST_WRITTEN {
        return all.join(" -> ");
    }
    let half = LONGEST_WRITTEN / 2;
    let (front, back) = (&all[..half], &all[all.len() - half..]);
    format!("{} -> … -> {}", front.join(" -> "), back.join(" -> "))
}
