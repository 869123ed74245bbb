//! What happens before `always` tasks of a stopped run, and before teardowns.

use super::conductor::Conductor;
use super::{Note, nanos};
use crate::event::Event;

impl Conductor {
    /// Waits for abandoned bodies, but no longer than the grace and once for each. Then the clean-up begins.
    pub(super) fn begin_cleaning(&mut self) {
        self.wait_for_abandoned();
        self.grace.begin(self.now());
    }

    pub(super) fn pause_cleaning(&mut self) {
        self.grace.pause(self.now(), self.limit());
    }

    fn wait_for_abandoned(&mut self) {
        let (names, at_most) = (self.not_waited_for(), self.settings.grace());
        if names.is_empty() || self.is_aborted() || at_most.is_zero() {
            return;
        }
        self.events.send(|| Event::AwaitingAbandoned { names, at_most });
        let deadline = self.now().saturating_add(nanos(at_most));
        while !self.is_aborted() && !self.not_waited_for().is_empty() {
            match self.next_note(Some(deadline)) {
                Some(Note::Stop(stop)) => self.stop(None, stop),
                Some(_) => {}
                None => break,
            }
        }
        self.waited_for = self.still_running();
    }

    fn not_waited_for(&self) -> Vec<String> {
        let mut names = self.still_running();
        names.retain(|name| !self.waited_for.contains(name));
        names
    }

    pub(super) fn warn_of_abandoned(&mut self) {
        let running = self.still_running();
        if !running.is_empty() {
            let running = format!("still running after the end: {}", running.join(", "));
            self.warnings.push(running.into());
        }
    }

    fn still_running(&self) -> Vec<String> {
        self.abandoned.still_running(&self.table)
    }
}
