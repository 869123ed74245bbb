//! What `mtrun` itself prints. What the runners print goes past it.

use std::io::Write;
use std::time::Duration;

use super::line;
use crate::launch::run::Ended;
use crate::options::{Format, GraphKind, Options, Show};
use crate::report::ReportTo;
use crate::supervise::ExitClass;

/// Prints headings and the summary where they do no harm.
#[derive(Debug)]
pub(crate) struct Printer {
    /// Stdout is for a program, which would stumble over headings.
    machine: bool,
    /// Something is shown instead of running, so there is nothing to sum up.
    show: bool,
    color: bool,
    any: bool,
}

impl Printer {
    pub(crate) fn new(run: &Options, color: bool) -> Self {
        let machine = match run.show {
            Some(Show::List) => run.format != Format::Pretty,
            Some(Show::Graph(kind)) => kind != GraphKind::Text,
            Some(Show::DryRun) => false,
            None => run.format == Format::Json || run.reports.iter().any(ReportTo::is_stdout),
        };
        Self { machine, show: run.show.is_some(), color, any: false }
    }

    /// The heading that the runner prints above its own output. Where stdout is for a program it
    /// is printed here, to stderr.
    pub(crate) fn heading(&self, label: &str) -> String {
        let gap = if self.any { "\n" } else { "" };
        let line = format!("==> {label}");
        let heading = format!("{gap}{}\n", self.bold(&line, ""));
        if self.machine {
            self.print(&heading);
            return String::new();
        }
        heading
    }

    /// Records whether the target printed anything below its heading.
    pub(crate) fn ended(&mut self, ended: &Ended) {
        self.any |= self.machine || ended.class != ExitClass::Nothing;
    }

    pub(crate) fn summary(&self, ended: &[Ended], targets: usize, took: Duration) {
        if !self.show {
            let line = line::summary(ended, targets, took);
            let is_good =
                |ended: &Ended| matches!(ended.class, ExitClass::Good | ExitClass::Nothing);
            let good = ended.len() == targets && ended.iter().all(is_good);
            let line = self.bold(&line, if good { ";32" } else { ";31" });
            self.print(&format!("\n{line}\n"));
        }
    }

    fn bold(&self, line: &str, color: &str) -> String {
        if self.color && !self.machine {
            format!("\u{1b}[1{color}m{line}\u{1b}[0m")
        } else {
            line.to_owned()
        }
    }

    /// A reader that has seen enough may leave; that is not an error.
    fn print(&self, text: &str) {
        let _ = if self.machine {
            std::io::stderr().write_all(text.as_bytes())
        } else {
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        };
    }
}
