//! The lines that go over the socket: a JSON object each, after a letter for events.

use std::io::{self, Write};

use concurra_core::{Counts, Event, StopReason};
use serde::{Deserialize, Serialize};

use super::ExitClass;
use crate::report::{NamedEvent, Reporter, Target};

/// An order of `mtrun` to the runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "launcher", derive(Serialize))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Start no task, finish the running ones, tear down, report.
    Stop(StopReason),
    /// Start no task, cancel the running ones, tear down, report.
    Cancel(StopReason),
    /// Exit at once.
    Exit(StopReason),
}

/// Before an event. Runners send events only where reports are wanted.
pub(super) const EVENT: u8 = b'e';

/// Before the last event of a run.
pub(super) const LAST_EVENT: u8 = b'l';

/// The closing record of a runner, its last message. A run without one did not finish.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "launcher", derive(Deserialize))]
pub(crate) struct Closing {
    /// How it ended.
    pub(crate) class: ExitClass,
    /// How many tasks ended how.
    pub(crate) counts: Counts,
    /// How many setups failed.
    pub(crate) failed_setups: usize,
    /// How many teardowns failed.
    pub(crate) failed_teardowns: usize,
    /// How many tasks need an excluded task.
    pub(crate) skipped: usize,
    /// Parameters of the command line that nothing in the run of one of several targets read; `None` when
    /// the target ran nothing.
    pub(crate) unread: Option<Vec<Unread>>,
    /// Names on the command line that this target does not know, but another one may. Only a runner
    /// of [several](super::Invitation::several) targets reports them here instead of refusing them.
    pub(crate) absent: Vec<Absent>,
}

/// A name that a target does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "launcher", derive(Deserialize))]
pub(crate) struct Absent {
    /// The message when no target knows the name, without suggestions: the same text in each target.
    pub(crate) message: String,
    /// The name as written.
    pub(crate) name: String,
    /// Similar names in this target, as suggestions.
    pub(crate) near: Vec<String>,
    /// How `mtrun` ends in that case; after a warning it goes on.
    pub(crate) class: ExitClass,
}

/// A parameter that nothing in a run read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "launcher", derive(Deserialize))]
pub(crate) struct Unread {
    /// Its name.
    pub(crate) name: String,
    /// Similar names that something in the run read.
    pub(crate) nearest: Vec<String>,
}

impl Closing {
    /// A closing record without tasks.
    pub(crate) fn new(class: ExitClass) -> Self {
        Self { class, ..Self::default() }
    }

    /// Whether a bad option or a wrong plan kept the target from running anything.
    #[cfg(feature = "launcher")]
    pub(crate) fn ran_nothing(&self) -> bool {
        matches!(self.class, ExitClass::Option | ExitClass::Plan) && self.counts.total() == 0
    }
}

/// A line of a runner that is not an event.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "launcher", derive(Deserialize))]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first: the runner has taken the invitation.
    Connected,
    /// A task or hook failed.
    Failure(KnownFailure),
    /// The last.
    Closing(Closing),
}

/// A failure, which `mtrun` prints if the process of the runner dies before it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "launcher", derive(Deserialize))]
pub(crate) struct KnownFailure {
    /// The console's text.
    pub(crate) text: String,
    /// A setup failed.
    pub(crate) is_setup: bool,
}

/// Describes the failure of an event, if it is one.
type Describe = Box<dyn Fn(&Target, &Event) -> Option<KnownFailure> + Send>;

/// Sends events to `mtrun`, which writes the reports, and failures.
pub(crate) struct Forward {
    /// Whether reports are wanted.
    pub(crate) sends_events: bool,
    pub(crate) describe: Describe,
}

impl Reporter for Forward {
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        if self.sends_events {
            let is_last = matches!(event, Event::RunFinished(_) | Event::RunLost { .. });
            let mut line = vec![if is_last { LAST_EVENT } else { EVENT }];
            NamedEvent::of(target, event).write(&mut line)?;
            line.push(b'\n');
            out.write_all(&line)?;
        }
        if let Some(failure) = (self.describe)(target, event) {
            out.write_all(to_line(&Line::Failure(failure)).as_bytes())?;
            // The process may die at any moment.
            out.flush()?;
        }
        Ok(())
    }
}

/// A message as a line.
pub(super) fn to_line(message: &impl Serialize) -> String {
    serde_json::to_string(message).expect("messages are JSON") + "\n"
}

/// The message in a line; one that this version does not know is none.
pub(super) fn from_line<'l, M: Deserialize<'l>>(line: &'l str) -> Option<M> {
    serde_json::from_str(line).ok()
}
