//! What is shown instead of running.

use clap::Arg;

use super::table::{Row, flag};

/// What to show before leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// The names of the chosen tasks.
    List,
    /// The tasks and their edges.
    Graph(GraphKind),
    /// What a run would do.
    DryRun,
}

/// How a graph is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GraphKind {
    /// For a person.
    #[default]
    Text,
    /// For Graphviz.
    Dot,
    /// For Mermaid.
    Mermaid,
    /// For programs.
    Json,
}

pub(super) fn rows() -> Vec<Row> {
    let graph = Arg::new("graph")
        .long("graph")
        .value_name("KIND")
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("text")
        .value_parser(["text", "dot", "mermaid", "json"])
        .conflicts_with("dry-run")
        .help("Show tasks and edges");
    vec![
        flag("list", "List the chosen tasks", |to| to.run.show = Some(Show::List))
            .with(|arg| arg.conflicts_with_all(["graph", "dry-run"])),
        Row::new(graph, |matches, to, _| {
            let kind = matches.get_one::<String>("graph").map(|word| match word.as_str() {
                "dot" => GraphKind::Dot,
                "mermaid" => GraphKind::Mermaid,
                "json" => GraphKind::Json,
                _ => GraphKind::Text,
            });
            to.run.show = kind.map(Show::Graph).or(to.run.show);
            Ok(())
        }),
        flag("dry-run", "Show what would run, and in which order", |to| {
            to.run.show = Some(Show::DryRun)
        }),
    ]
}
