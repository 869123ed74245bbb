//! dagrs on tokio, as its own benchmark runs it.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use dagrs::{Action, DefaultNode, EnvVar, Graph, InChannels, Node, NodeTable, OutChannels, Output};
use tokio::runtime::{Builder, Runtime};

use super::{Contender, Sample};
use crate::shape::Edges;

pub(crate) struct Dagrs {
    runtime: Runtime,
}

impl Dagrs {
    pub(crate) fn new(workers: usize) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build();
        Self { runtime: runtime.expect("threads can be started") }
    }
}

impl Contender for Dagrs {
    fn name(&self) -> &'static str {
        "dagrs 0.9.0"
    }

    fn spins(&self) -> bool {
        false
    }

    fn most_tasks(&self) -> usize {
        100_000
    }

    fn measure(&self, edges: &Edges, _: u32) -> Sample {
        let mut graph = build(edges);
        let begun = Instant::now();
        self.runtime.block_on(graph.async_start()).expect("every task runs");
        Sample { plan: None, run: begun.elapsed() }
    }
}

struct Nothing;

#[async_trait]
impl Action for Nothing {
    async fn run(&self, _: &mut InChannels, _: &mut OutChannels, _: Arc<EnvVar>) -> Output {
        Output::empty()
    }
}

fn build(edges: &Edges) -> Graph {
    let mut table = NodeTable::default();
    let mut graph = Graph::new();
    let mut ids = Vec::with_capacity(edges.len());
    for task in 0..edges.len() {
        let node = DefaultNode::with_action(format!("task_{task}"), Nothing, &mut table);
        ids.push(node.id());
        graph.add_node(node).expect("names differ");
    }
    let dependents = edges.reversed();
    for task in 0..edges.len() {
        let row = dependents.row(task);
        if !row.is_empty() {
            let later: Vec<_> = row.iter().map(|later| ids[*later as usize]).collect();
            graph.add_edge(ids[task], later).expect("both ends are in the graph");
        }
    }
    graph.set_env(EnvVar::new(table));
    graph
}
