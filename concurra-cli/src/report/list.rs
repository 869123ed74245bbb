//! The reporters of a call, each with its sink.

use concurra_core::{Event, RunView};

use super::{ReportTo, Reporter, Sink, Stdio, Target, Unwritable};

/// The reporters of a call, each with its sink.
#[derive(Default)]
pub(crate) struct Reporters {
    list: Vec<(Box<dyn Reporter>, Sink)>,
    targets: Vec<Target>,
}

impl Reporters {
    /// Opens the files of these reports, before the run: a missing folder is an error before anything
    /// runs. Files that exist are replaced or refused.
    pub(crate) fn open(
        wanted: impl IntoIterator<Item = ReportTo>,
        stdout: Stdio,
        replaces: bool,
    ) -> Result<Self, Unwritable> {
        let mut reporters = Self::default();
        for report in wanted {
            let sink = match &report.file {
                None => Sink::stdio(stdout),
                Some(path) => Sink::file(path, replaces)?,
            };
            reporters.push(report.reporter(), sink);
        }
        Ok(reporters)
    }

    pub(crate) fn push(&mut self, reporter: Box<dyn Reporter>, sink: Sink) {
        self.list.push((reporter, sink));
    }

    /// The run of the last target.
    pub(crate) fn run(&self) -> Option<&RunView> {
        self.targets.last().map(|target| &target.run)
    }

    /// Starts a target; the next events belong to it.
    pub(crate) fn begin(&mut self, name: &str) {
        self.targets.push(Target { name: name.to_owned(), ..Target::default() });
    }

    /// Passes on an event of the last target.
    pub(crate) fn event(&mut self, event: &Event) {
        let Some(target) = self.targets.last_mut() else { return };
        target.run.apply(event);
        for (reporter, sink) in &mut self.list {
            sink.write(|out| reporter.event(target, event, out));
        }
    }

    /// Passes on an event of the last target, given as the JSON of a [`NamedEvent`](super::NamedEvent).
    /// Reads it only if a reporter needs that.
    #[cfg(feature = "launcher")]
    pub(crate) fn pass_on(&mut self, json: &[u8]) {
        if !self.list.iter().all(|(reporter, _)| reporter.takes_json()) {
            return self.read(json);
        }
        let Some(target) = self.targets.last_mut() else { return };
        target.has_unread = true;
        for (reporter, sink) in &mut self.list {
            sink.write(|out| reporter.json(target, json, out));
        }
    }

    /// Passes on the last event of a run, which `mtrun` always reads.
    #[cfg(feature = "launcher")]
    pub(crate) fn read(&mut self, json: &[u8]) {
        if let Ok(event) = serde_json::from_slice(json) {
            self.event(&event);
        }
    }

    /// Reports that the run of the last target was lost.
    #[cfg(feature = "launcher")]
    pub(crate) fn lose(&mut self, error: &str) {
        self.event(&Event::RunLost { error: error.to_owned() });
    }

    /// Called when the process of the last target has ended. Reports the run as lost if it did not finish.
    #[cfg(feature = "launcher")]
    pub(crate) fn lose_unless_over(&mut self) {
        let Some(Target { run, has_unread, .. }) = self.targets.last() else { return };
        if run.finished.is_some() || run.lost.is_some() {
            return;
        }
        let began = *has_unread || run.has_started();
        self.lose(if began { "the run was stopped before its end" } else { "nothing was run" });
    }

    /// Flushes the sinks, as nothing happens at the moment.
    pub(crate) fn idle(&mut self) {
        self.list.iter_mut().for_each(|(_, sink)| sink.flush());
    }

    /// Ends every report, as every target has ended. Returns the errors of reports that could not be
    /// written.
    pub(crate) fn end(&mut self) -> Vec<Unwritable> {
        let mut failed = Vec::new();
        for (reporter, sink) in &mut self.list {
            sink.write(|out| reporter.end(&self.targets, out));
            failed.extend(sink.error());
        }
        failed
    }
}
