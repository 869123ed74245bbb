//! Calls in which no task is left to run.

use std::time::{Duration, SystemTime};

use concurra_core::{Event, PlannedRunner, RunFinished, RunStarted, SelectionSummary};

use super::session::{Session, refused};
use crate::options::NoTests;
use crate::report::Reporters;
use crate::supervise::{Closing, ExitClass};

impl Session<'_> {
    /// The class of a call by itself. Under `mtrun` another target may have tasks.
    pub(super) fn judge(&self, class: ExitClass) -> ExitClass {
        match self.options.no_tests {
            Some(NoTests::Warn) if class == ExitClass::Nothing => {
                eprintln!("warning: nothing was selected");
                class
            }
            Some(NoTests::Fail) if class == ExitClass::Nothing => {
                refused("nothing was selected", ExitClass::Failed).class
            }
            _ => class,
        }
    }

    /// Reports an empty run: no error by itself, as cargo hands a filter to every binary. Where nothing was
    /// selected in any target, `mtrun` prints the message.
    pub(super) fn run_nothing(&self, planned: &PlannedRunner, mut reporters: Reporters) -> Closing {
        if self.link.is_none() || self.options.bench {
            reporters.push(self.console(), self.output());
        }
        let started = RunStarted {
            start_time: SystemTime::now(),
            workers: planned.workers(),
            selection: SelectionSummary { chosen: 0, ..planned.plan().selection().clone() },
            ..RunStarted::default()
        };
        reporters.event(&Event::RunStarted(started.into()));
        let duration = Duration::ZERO;
        let finished = RunFinished { duration, good: true, stopped: None, rerun: None };
        reporters.event(&Event::RunFinished(finished));
        let class = if self.options.bench { ExitClass::Good } else { ExitClass::Nothing };
        Closing::new(class.max(self.end(&mut reporters)))
    }
}
