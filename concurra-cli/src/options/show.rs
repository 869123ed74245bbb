//! Lists, graphs and dry runs, which a program shows instead of running tasks.

use super::table::{Row, choice, flag};
use super::{OptionError, Options};

/// The output instead of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// The names of the chosen tasks.
    List,
    /// The tasks and their edges.
    Graph(GraphKind),
    /// The tasks that would run, in an order.
    DryRun,
}

impl Show {
    const fn option(self) -> &'static str {
        match self {
            Self::List => "--list",
            Self::Graph(_) => "--graph",
            Self::DryRun => "--dry-run",
        }
    }
}

impl Options {
    /// Refuses options that write files of a run beside one that runs nothing. The program that the user
    /// called asks for this; `mtrun` itself calls runners with options that the user did not combine.
    ///
    /// # Errors
    /// The options exclude each other.
    pub fn check_show(&self) -> Result<(), OptionError> {
        let Some(show) = self.show.map(Show::option) else { return Ok(()) };
        let writes =
            [("--report", !self.reports.is_empty()), ("--log-dir", self.log.dir.is_some())];
        match writes.into_iter().find(|(_, is_set)| *is_set) {
            Some((option, _)) => Err(format!(
                "`{option}` has no effect beside `{show}`, which runs nothing; leave one out"
            )
            .into()),
            None => Ok(()),
        }
    }
}

/// The form of a graph.
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

impl GraphKind {
    /// The words of the kinds.
    pub(crate) const WORDS: [(&str, Self); 4] = [
        ("text", Self::Text),
        ("dot", Self::Dot),
        ("mermaid", Self::Mermaid),
        ("json", Self::Json),
    ];
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        flag("list", "List the chosen tasks", |to| to.run.show = Some(Show::List))
            .with(|arg| arg.conflicts_with_all(["graph", "dry-run"])),
        choice("graph", GraphKind::WORDS, "Show tasks and dependencies", |to, kind| {
            to.run.show = Some(Show::Graph(kind))
        })
        .with(|arg| {
            let arg = arg.value_name("KIND").conflicts_with("dry-run");
            arg.num_args(0..=1).require_equals(true).default_missing_value("text")
        }),
        flag("dry-run", "Show what would run, and in which order", |to| {
            to.run.show = Some(Show::DryRun)
        }),
    ]
}
