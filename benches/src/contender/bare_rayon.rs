//! One rayon job per task and nothing else: no status, no times, no results.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use rayon::{Scope, ThreadPool, ThreadPoolBuilder};

use super::{Contender, Sample};
use crate::shape::Edges;
use crate::spin::spin;

pub(crate) struct BareRayon {
    pool: ThreadPool,
}

struct Jobs {
    pending: Vec<AtomicU32>,
    dependents: Edges,
    turns: u32,
}

impl BareRayon {
    pub(crate) fn new(workers: usize) -> Self {
        let pool = ThreadPoolBuilder::new().num_threads(workers).build();
        Self { pool: pool.expect("threads can be started") }
    }
}

impl Contender for BareRayon {
    fn name(&self) -> &'static str {
        "rayon job per task"
    }

    fn measure(&self, edges: &Edges, turns: u32) -> Sample {
        let pending = edges.fan_ins().map(AtomicU32::new).collect();
        let jobs = Jobs { pending, dependents: edges.reversed(), turns };
        let begun = Instant::now();
        self.pool.scope(|scope| {
            for (task, fan_in) in edges.fan_ins().enumerate() {
                if fan_in == 0 {
                    spawn(scope, &jobs, task);
                }
            }
        });
        let run = begun.elapsed();
        let left = jobs.pending.iter().filter(|count| count.load(Ordering::Relaxed) > 0).count();
        assert_eq!(left, 0, "every task ran");
        Sample { plan: None, run }
    }
}

fn spawn<'s>(scope: &Scope<'s>, jobs: &'s Jobs, task: usize) {
    scope.spawn(move |scope| {
        spin(jobs.turns);
        for &dependent in jobs.dependents.row(task) {
            let dependent = dependent as usize;
            if jobs.pending[dependent].fetch_sub(1, Ordering::AcqRel) == 1 {
                spawn(scope, jobs, dependent);
            }
        }
    });
}
