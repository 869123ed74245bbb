//! What is shown instead of running.

use clap::{Arg, ArgMatches};

use super::Format;
use super::table::flag;

/// What to show before leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// The names of the chosen tasks.
    List {
        /// Only lines of the form `NAME: test`, for programs.
        terse: bool,
    },
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

pub(super) fn args() -> Vec<Arg> {
    vec![
        flag("list", "List the chosen tasks").conflicts_with_all(["graph", "dry-run"]),
        Arg::new("graph")
            .long("graph")
            .value_name("KIND")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("text")
            .value_parser(["text", "dot", "mermaid", "json"])
            .conflicts_with("dry-run")
            .help("Show tasks and edges"),
        flag("dry-run", "Show what would run, and in which order"),
    ]
}

pub(super) fn read(matches: &ArgMatches, format: Format) -> Option<Show> {
    if matches.get_flag("list") {
        return Some(Show::List { terse: format == Format::Terse });
    }
    if matches.get_flag("dry-run") {
        return Some(Show::DryRun);
    }
    let kind = match matches.get_one::<String>("graph")?.as_str() {
        "dot" => GraphKind::Dot,
        "mermaid" => GraphKind::Mermaid,
        "json" => GraphKind::Json,
        _ => GraphKind::Text,
    };
    Some(Show::Graph(kind))
}
