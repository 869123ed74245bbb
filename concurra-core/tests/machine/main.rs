//! The state machine against a plain model, and under many threads.

mod model;
mod play;
mod properties;
mod race;
mod racing;
mod script;

use concurra_core::{Cell, Graph, Machine, TaskId};

/// A machine of tasks without records.
fn machine(graph: &Graph, run_dependents: bool, always: impl Fn(TaskId) -> bool) -> Machine {
    let cell = |task| {
        let mut cell = Cell::new((), ());
        if always(task) {
            cell.set_always();
        }
        cell
    };
    Machine::new(run_dependents, graph.tasks().map(cell).collect())
}
