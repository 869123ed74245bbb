//! What is measured: the family's trait and its table.

mod bare_rayon;
mod concurra;
mod dagrs;
mod dagx;
mod hand_written;
mod taskflow;

use std::time::Duration;

pub(crate) use self::concurra::{Concurra, named_runner};
use crate::shape::Edges;

/// A scheduler that can run a graph of tasks without bodies.
pub(crate) trait Contender {
    fn name(&self) -> &'static str;

    /// The largest graph that it runs within seconds.
    fn most_tasks(&self) -> usize {
        usize::MAX
    }

    /// Whether its bodies can spin.
    fn spins(&self) -> bool {
        true
    }

    /// Builds a graph and runs it once; only what the [`Sample`] names is timed. Bodies that can
    /// [spin](crate::spin) do so for so many turns.
    fn measure(&self, edges: &Edges, turns: u32) -> Sample;
}

/// One run of a contender.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    /// Checking the graph, where this is a step of its own.
    pub(crate) plan: Option<Duration>,
    /// From the call that starts the run until it returns.
    pub(crate) run: Duration,
}

/// Every contender, the baseline of all ratios first. Prints a line when Taskflow is left out.
pub(crate) fn all(workers: usize) -> Result<Vec<Box<dyn Contender>>, String> {
    let mut all: Vec<Box<dyn Contender>> = vec![
        Box::new(Concurra::new(workers)),
        Box::new(hand_written::HandWritten::new(workers)),
        Box::new(bare_rayon::BareRayon::new(workers)),
        Box::new(dagx::Dagx::new(workers)),
        Box::new(dagrs::Dagrs::new(workers)),
    ];
    match taskflow::Taskflow::new(workers) {
        Some(taskflow) => all.push(Box::new(taskflow?)),
        None => {
            eprintln!("Taskflow is left out: TASKFLOW is not a folder with taskflow/taskflow.hpp")
        }
    }
    Ok(all)
}

pub(crate) fn dagx(workers: usize) -> impl Contender {
    dagx::Dagx::new(workers)
}
