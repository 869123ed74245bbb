//! `--dry-run`: what would run, in an order in which one worker could run it.

use std::io::{self, Write};

use concurra_core::Plan;

use super::list::write_task;
use crate::console::{head, plural};

pub(crate) fn write(plan: &Plan, workers: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", head(plan.selection()))?;
    writeln!(out, "would run on {workers} worker{}:", plural(workers))?;
    plan.setups().try_for_each(|name| writeln!(out, "  setup     {name}"))?;
    for (number, id) in plan.graph().order().into_iter().enumerate() {
        write!(out, "  {:>9} ", number + 1)?;
        write_task(plan, id, "after", out)?;
    }
    plan.teardowns().try_for_each(|name| writeln!(out, "  teardown  {name}"))
}
