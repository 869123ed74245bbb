//! Concurra with closures and all records, without observers.

use std::time::Instant;

use concurra::Runner;

use super::{Contender, Sample};
use crate::shape::Edges;
use crate::spin::spin;

pub(crate) struct Concurra {
    workers: usize,
}

impl Concurra {
    pub(crate) const fn new(workers: usize) -> Self {
        Self { workers }
    }
}

impl Contender for Concurra {
    fn name(&self) -> &'static str {
        "concurra"
    }

    fn measure(&self, edges: &Edges, turns: u32) -> Sample {
        let runner = match turns {
            // A closure without a size takes no memory.
            0 => named_runner(edges, || ()),
            turns => named_runner(edges, move || spin(turns)),
        };
        let runner = runner.workers(self.workers);
        let begun = Instant::now();
        let planned = runner.plan().expect("the graph has no cycle");
        let plan = Some(begun.elapsed());
        let begun = Instant::now();
        let report = planned.run();
        let run = begun.elapsed();
        assert!(report.is_good(), "{report}");
        Sample { plan, run }
    }
}

/// A runner with a task for each row, all of which do the same.
pub(crate) fn named_runner(edges: &Edges, body: impl FnMut() + Clone + Send + 'static) -> Runner {
    let mut runner = Runner::new();
    for task in 0..edges.len() {
        let after = edges.row(task).iter().map(|earlier| format!("task_{earlier}"));
        runner.add(format!("task_{task}"), body.clone()).after(after);
    }
    runner
}
