//! Why tasks ended as they did.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::Table;
use crate::graph::TaskId;
use crate::outcome::Outcome;

/// What else than a task ends tasks. Of each kind the first counts.
#[derive(Debug, Default)]
pub(super) struct Causes {
    /// Why no further task starts.
    stop: OnceLock<String>,
    /// Why running tasks were cancelled.
    cancel: OnceLock<String>,
    /// The setup that skips every task.
    setup: OnceLock<Setup>,
}

#[derive(Debug)]
struct Setup {
    why: String,
    /// The setup asked for it, which makes no task bad.
    is_skip: bool,
}

impl Table {
    pub(crate) fn note_stop(&self, why: String) {
        let _ = self.causes.stop.set(why);
    }

    pub(crate) fn note_cancel(&self, why: String) {
        let _ = self.causes.cancel.set(why);
    }

    /// Every task is skipped, as a setup did not pass.
    pub(crate) fn note_setup(&self, why: String) {
        let _ = self.causes.setup.set(Setup { why, is_skip: false });
    }

    /// A setup asked to skip every task, for this reason.
    pub(crate) fn note_skip(&self, why: String) {
        let _ = self.causes.setup.set(Setup { why, is_skip: true });
    }

    /// Why a task did not run or did not pass, in a few words: `load failed`. Texts of users are masked.
    pub(crate) fn cause(&self, task: TaskId) -> Option<String> {
        match self.machine.outcome(task)? {
            Outcome::Skipped => {
                if let Some(name) = self.needs_excluded(task) {
                    return Some(format!("{name} is excluded"));
                }
                let own = self.own_reason(task).map(|reason| self.masked(reason));
                own.or_else(|| self.machine.cause(task).map(|root| self.as_cause(root)))
                    .or_else(|| self.causes.setup.get().map(|setup| setup.why.clone()))
            }
            Outcome::Cancelled => {
                let cancel = self.causes.cancel.get().filter(|_| self.was_running(task));
                cancel.or(self.causes.stop.get()).cloned()
            }
            Outcome::Ignored => self.plan.task(task).ignored().map(ToOwned::to_owned),
            _ => None,
        }
    }

    /// The masked name of the excluded task that the task needs.
    pub(super) fn needs_excluded(&self, task: TaskId) -> Option<Cow<'_, str>> {
        self.plan.task(task).needs_excluded().map(|name| self.shown(task, name))
    }

    /// Whether the task failed, or was skipped as something else failed.
    pub(crate) fn is_bad(&self, task: TaskId) -> bool {
        match (self.machine.outcome(task), self.machine.cause(task)) {
            (Some(Outcome::Skipped), Some(root)) => {
                self.machine.outcome(root).is_some_and(Outcome::is_bad)
            }
            // Without a task as its cause, a setup or its own body skipped it.
            (Some(Outcome::Skipped), None) => {
                self.seen_worker(task).is_none()
                    && self.plan.task(task).needs_excluded().is_none()
                    && !self.causes.setup.get().is_some_and(|setup| setup.is_skip)
            }
            (outcome, _) => outcome.is_some_and(Outcome::is_bad),
        }
    }

    /// A task as the cause of a skip: `load failed`.
    pub(crate) fn as_cause(&self, root: TaskId) -> String {
        let name = self.shown_name(root);
        let outcome = self.machine.outcome(root);
        match (outcome, self.cause(root)) {
            (Some(Outcome::Skipped), Some(reason)) => format!("{name} skipped: {reason}"),
            (Some(Outcome::Ignored), Some(reason)) => format!("{name} ignored: {reason}"),
            (Some(Outcome::TimedOut), _) => format!("{name} timed out"),
            (Some(outcome), _) => format!("{name} {outcome}"),
            (None, _) => format!("{name} did not pass"),
        }
    }
}
