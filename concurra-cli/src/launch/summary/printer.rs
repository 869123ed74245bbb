//! The headings and the summary of `mtrun`. Runners print everything else.

use std::io::Write;
use std::time::Duration;

use super::line;
use crate::console::Style;
use crate::launch::run::Ended;
use crate::options::{Format, GraphKind, Options, Show};
use crate::report::ReportTo;
use crate::supervise::ExitClass;

/// Prints headings and the summary where they do no harm.
#[derive(Debug)]
pub(crate) struct Printer {
    /// A program reads stdout, so headings and the summary go to stderr.
    machine: bool,
    /// `mtrun` shows something instead of running tasks, so there is nothing to sum up.
    show: bool,
    style: Style,
}

impl Printer {
    pub(crate) fn new(run: &Options, color: bool) -> Self {
        let machine = match run.show {
            Some(Show::List) => run.format != Format::Pretty,
            Some(Show::Graph(kind)) => kind != GraphKind::Text,
            Some(Show::DryRun) => false,
            None => run.format == Format::Json || run.reports.iter().any(ReportTo::is_stdout),
        };
        let style = Style { color: color && !machine };
        Self { machine, show: run.show.is_some(), style }
    }

    /// The heading that the runner prints above its own output; empty where it goes to stderr.
    pub(crate) fn heading(&self, label: &str, ended: &[Ended]) -> String {
        // A target without selected tasks printed nothing.
        let has_printed = ended.iter().any(|ended| ended.class != ExitClass::Nothing);
        let gap = if has_printed { "\n" } else { "" };
        let heading = format!("{gap}{}\n", self.style.bold(format!("==> {label}")));
        if self.machine {
            self.print(&heading);
            return String::new();
        }
        heading
    }

    pub(crate) fn summary(&self, ended: &[Ended], targets: usize, took: Duration) {
        if self.show {
            return;
        }
        let line = line(ended, targets, took);
        let is_good = ended.len() == targets && ended.iter().all(Ended::is_good);
        let line = if is_good { self.style.good(line) } else { self.style.bad(line) };
        self.print(&format!("\n{line}\n"));
    }

    fn print(&self, text: &str) {
        // A reader of stdout may have closed it; that is not an error.
        let _ = if self.machine {
            std::io::stderr().write_all(text.as_bytes())
        } else {
            std::io::stdout().write_all(text.as_bytes())
        };
    }
}
