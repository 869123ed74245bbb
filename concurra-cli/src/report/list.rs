//! The reporters of a call, each with its sink.

use concurra_core::Event;

use super::file::{Existing, Unwritable, open};
use super::{Output, ReportTo, Reporter, Sink, Target};

/// The reporters of a call, each with its sink.
#[derive(Default)]
pub(crate) struct Reporters {
    list: Vec<(Box<dyn Reporter>, Box<dyn Sink>)>,
    targets: Vec<Target>,
}

impl Reporters {
    /// Opens the files of these reports. Called before the run, so that a missing folder is an error
    /// before anything runs.
    pub(crate) fn open(
        wanted: impl IntoIterator<Item = ReportTo>,
        stdout: &Output,
        existing: Existing,
    ) -> Result<Self, Unwritable> {
        let mut reporters = Self::default();
        for report in wanted {
            let sink: Box<dyn Sink> = match &report.file {
                None => Box::new(stdout.clone()),
                Some(path) => Box::new(open(path, existing)?),
            };
            reporters.push(report.reporter(), sink);
        }
        Ok(reporters)
    }

    pub(crate) fn push(&mut self, reporter: Box<dyn Reporter>, sink: Box<dyn Sink>) {
        self.list.push((reporter, sink));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// From now on events are of this target.
    pub(crate) fn begin(&mut self, name: &str) {
        self.targets.push(Target { name: name.to_owned(), ..Target::default() });
    }

    /// Passes an event of the last target on.
    pub(crate) fn event(&mut self, event: &Event) {
        let Some(target) = self.targets.last_mut() else { return };
        target.run.apply(event);
        for (reporter, sink) in &mut self.list {
            sink.write(&mut |out| reporter.event(target, event, out));
        }
    }

    /// The last target never came to its end.
    #[cfg(feature = "launcher")]
    pub(crate) fn lose(&mut self, error: &str) {
        self.event(&Event::RunLost { error: error.to_owned() });
    }

    /// The last target's process has ended by itself or by a signal: without an end of its run, the run
    /// is lost.
    #[cfg(feature = "launcher")]
    pub(crate) fn lose_unless_over(&mut self) {
        let Some(Target { run, .. }) = self.targets.last() else { return };
        if run.finished.is_some() || run.lost.is_some() {
            return;
        }
        let began = run.has_started();
        self.lose(if began { "the run was stopped before its end" } else { "nothing was run" });
    }

    /// Nothing happens at the moment.
    pub(crate) fn idle(&mut self) {
        self.list.iter_mut().for_each(|(_, sink)| sink.idle());
    }

    /// Every target has ended. Returns what could not be written.
    pub(crate) fn end(&mut self) -> Vec<Unwritable> {
        let mut failed = Vec::new();
        for (reporter, sink) in &mut self.list {
            sink.write(&mut |out| reporter.end(&self.targets, out));
            sink.idle();
            failed.extend(sink.error());
        }
        failed
    }
}
