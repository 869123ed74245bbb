//! The events of a run on their way to the reporters.

use std::sync::{Arc, Mutex, Weak};

use concurra_core::shown::paragraph;
use concurra_core::{Event, Observer, Plan, RunFinished, State};

use super::rerun::RerunOptions;
use super::unread::SetParams;
use crate::report::{Reporters, end_open_line};
use crate::supervise::Board;
use crate::sync::lock;

/// Passes the events of a run to the reporters.
pub(super) struct Events {
    pub(super) reporters: Arc<Mutex<Reporters>>,
    /// How to run a task again under `mtrun`.
    pub(super) rerun: Option<RerunOptions>,
    /// The parameters to warn of when nothing read them. `None` among several targets: another one may
    /// read them.
    pub(super) params: Option<SetParams>,
    /// Whether warnings go to standard error, as libtest's JSON has no place for them.
    pub(super) prints_warnings: bool,
    /// Masks the run's secrets.
    pub(super) state: Weak<State>,
    /// Whether there are reports, which have the results of tasks.
    pub(super) wants_results: bool,
    /// Counts the tasks that have ended, for `mtrun` in case that the process ends in the middle of the run.
    pub(super) board: Arc<Board>,
}

impl Events {
    /// Warnings of parameters that nothing read.
    fn unread(&self) -> Vec<String> {
        let state = self.state.upgrade();
        let params = self.params.as_ref().zip(state);
        params.map(|(params, state)| params.warnings(&state)).unwrap_or_default()
    }

    /// The end of a run, with the command that runs a task again.
    fn with_rerun(&self, plan: &Plan, finished: &RunFinished) -> Event {
        let state = self.state.upgrade();
        let mask = |text: &str| state.as_ref().map_or_else(|| text.to_owned(), |it| it.mask(text));
        let rerun = self.rerun.as_ref().map(|options| options.rerun(plan, &mask));
        Event::RunFinished(RunFinished { rerun, ..finished.clone() })
    }
}

impl Observer for Events {
    fn event(&mut self, plan: &Plan, event: &Event) {
        match event {
            Event::Warning { text } if self.prints_warnings => {
                eprintln!("warning: {}", paragraph(text, "  "));
            }
            Event::RunFinished(finished) => {
                for text in self.unread() {
                    self.event(plan, &Event::Warning { text });
                }
                // What the tasks printed after the lines so far stays after them.
                self.idle();
                end_open_line();
                return lock(&self.reporters).event(&self.with_rerun(plan, finished));
            }
            Event::Finished(end) => self.board.count(end.outcome, end.is_flaky()),
            _ => {}
        }
        lock(&self.reporters).event(event);
    }

    fn idle(&mut self) {
        lock(&self.reporters).idle();
    }

    fn wants_results(&self) -> bool {
        self.wants_results
    }
}
