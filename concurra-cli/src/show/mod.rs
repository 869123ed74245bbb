//! Lists, graphs and dry runs, which a program shows instead of running tasks.

mod dot;
mod dry_run;
mod graph_json;
mod graph_text;
mod libtest;
mod list;
mod mermaid;

use std::io::{self, Write};

use concurra_core::Plan;

pub(crate) use libtest::{Test, write_tests};
pub(crate) use list::{groups, write_list};

use crate::options::GraphKind;

/// Writes the graph of a plan.
pub(crate) fn write_graph(kind: GraphKind, plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    match kind {
        GraphKind::Text => graph_text::write(plan, out),
        GraphKind::Dot => dot::write(plan, out),
        GraphKind::Mermaid => mermaid::write(plan, out),
        GraphKind::Json => graph_json::write(plan, out),
    }
}

pub(crate) use dry_run::write as write_dry_run;
