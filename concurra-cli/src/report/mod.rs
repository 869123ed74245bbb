//! Reporters, each with its own sink. They are made of events alone. A kind of report is a file and a
//! line in [`KINDS`].

mod json;
mod jsonl;
mod list;
mod markdown;
mod named_event;
mod sink;
mod stdio;

use std::io::{self, Write};
use std::path::PathBuf;

use concurra_core::{Event, RunView};

pub(crate) use list::Reporters;
pub(crate) use named_event::NamedEvent;
pub(crate) use sink::{Sink, Unwritable};
pub(crate) use stdio::{Stdio, end_open_line};

/// One target's run, as its events describe it so far.
#[derive(Debug, Default)]
pub(crate) struct Target {
    /// The path of its source, as in `tests/flow.rs`.
    pub(crate) name: String,
    pub(crate) run: RunView,
    /// Whether there were events that are not in `run`, as no reporter needs it.
    #[cfg(feature = "launcher")]
    pub(crate) has_unread: bool,
}

/// Writes a report or the console.
pub(crate) trait Reporter: Send {
    /// Writes an event, which the target's run has taken in already.
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let _ = (target, event, out);
        Ok(())
    }

    /// Writes an event that is given as the JSON of a [`NamedEvent`], if it `takes_json`.
    fn json(&mut self, target: &Target, event: &[u8], out: &mut dyn Write) -> io::Result<()> {
        let _ = (target, event, out);
        Ok(())
    }

    /// Whether the reporter takes events as JSON, without the view of the target's run. The last event of a run
    /// never comes as JSON.
    #[cfg(feature = "launcher")]
    fn takes_json(&self) -> bool {
        false
    }

    /// Writes the end, when every target has ended.
    fn end(&mut self, targets: &[Target], out: &mut dyn Write) -> io::Result<()> {
        let _ = (targets, out);
        Ok(())
    }
}

/// A kind of report, for `--report KIND=FILE`.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) make: fn() -> Box<dyn Reporter>,
}

/// Every kind of report.
pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "json", make: || Box::new(json::Json) },
    Kind { name: "jsonl", make: || Box::new(jsonl::JsonLines) },
    Kind { name: "md", make: || Box::new(markdown::Markdown) },
];

/// Stands for the target in the name of a file.
pub(crate) const TARGET: &str = "{target}";

/// A requested report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportTo {
    /// One of [`KINDS`].
    pub(crate) kind: &'static str,
    /// None stands for stdout.
    pub(crate) file: Option<PathBuf>,
}

impl ReportTo {
    /// Whether it goes to stdout, so that lines have to go elsewhere.
    #[must_use]
    pub const fn is_stdout(&self) -> bool {
        self.file.is_none()
    }

    /// The report with `{target}` in the name of its file replaced.
    #[must_use]
    pub(crate) fn of_target(&self, target: &str) -> Self {
        let file = self.file.as_ref().map(|path| {
            let text = path.to_str().map(|text| text.replace(TARGET, target));
            text.map_or_else(|| path.clone(), PathBuf::from)
        });
        Self { kind: self.kind, file }
    }

    fn reporter(&self) -> Box<dyn Reporter> {
        let kind = KINDS.iter().find(|kind| kind.name == self.kind);
        (kind.expect("options accept only kinds of the table").make)()
    }
}

/// The first names and the number of the others: `a, b and 3 more`.
pub(crate) fn some(names: impl ExactSizeIterator<Item = String>, most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let shown = names.take(most).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
