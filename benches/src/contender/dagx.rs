//! dagx on tokio, as its own documentation runs it.

use std::time::Instant;

use dagx::{DagRunner, Task, TaskHandle, task};
use tokio::runtime::{Builder, Runtime};

use super::{Contender, Sample};
use crate::shape::Edges;

pub(crate) struct Dagx {
    runtime: Runtime,
}

impl Dagx {
    pub(crate) fn new(workers: usize) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(workers).build();
        Self { runtime: runtime.expect("threads can be started") }
    }
}

impl Contender for Dagx {
    fn name(&self) -> &'static str {
        "dagx 0.3.1"
    }

    fn spins(&self) -> bool {
        false
    }

    fn most_tasks(&self) -> usize {
        100_000
    }

    fn measure(&self, edges: &Edges, _: u32) -> Sample {
        let dag = DagRunner::new();
        let mut handles: Vec<TaskHandle<u8>> = Vec::with_capacity(edges.len());
        for task in 0..edges.len() {
            handles.push(add(&dag, &handles, edges.row(task)));
        }
        let begun = Instant::now();
        let run = async { dag.run(|future| drop(tokio::spawn(future))).await };
        // dagx runs a layer of one task on the thread that waits, others on tokio's.
        self.runtime.block_on(run).expect("every task runs");
        Sample { plan: None, run: begun.elapsed() }
    }
}

struct After0;
struct After1;
struct After2;
struct After3;
struct After4;

#[task]
impl After0 {
    async fn run() -> u8 {
        0
    }
}

#[task]
impl After1 {
    async fn run(_a: &u8) -> u8 {
        0
    }
}

#[task]
impl After2 {
    async fn run(_a: &u8, _b: &u8) -> u8 {
        0
    }
}

#[task]
impl After3 {
    async fn run(_a: &u8, _b: &u8, _c: &u8) -> u8 {
        0
    }
}

#[task]
impl After4 {
    async fn run(_a: &u8, _b: &u8, _c: &u8, _d: &u8) -> u8 {
        0
    }
}

/// The number of dependencies is part of a task's type.
fn add(dag: &DagRunner, handles: &[TaskHandle<u8>], row: &[u32]) -> TaskHandle<u8> {
    let on = |earlier: &u32| &handles[*earlier as usize];
    match row {
        [] => dag.add_task(After0).into(),
        [a] => dag.add_task(After1).depends_on(on(a)),
        [a, b] => dag.add_task(After2).depends_on((on(a), on(b))),
        [a, b, c] => dag.add_task(After3).depends_on((on(a), on(b), on(c))),
        [a, b, c, d] => dag.add_task(After4).depends_on((on(a), on(b), on(c), on(d))),
        _ => unreachable!("no shape has a task with more dependencies"),
    }
}
