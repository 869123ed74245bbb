//! What is to be told of tasks that did not simply pass.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use super::Table;
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::graph::TaskId;
use crate::outcome::{ExecutionMode, Outcome};
use crate::task::Body;
use crate::value::Value;

/// What is to be told of a task beside its outcome.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// How the last attempt ended, when the task did not pass.
    ending: Option<Ending>,
    /// The number of the last attempt, when there were several.
    begun: u32,
    /// How the attempts before the last one ended.
    failed: Vec<Ending>,
    /// What is there although the task did not pass.
    result: Option<Value>,
    warning: Option<String>,
    /// How it was run other than it was meant to.
    mode: Option<ExecutionMode>,
    /// It failed before its body was called.
    never_ran: bool,
    output: Option<TaskOutput>,
    /// The task ended while its body went on.
    cut: Option<Cut>,
}

/// The end of a task whose body went on, and what was known of its beginning then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) at: u64,
    pub(super) worker: Option<usize>,
}

impl Table {
    pub(crate) fn note_ending(&self, task: TaskId, ending: Ending) {
        self.go_on(task, |story| story.ending = Some(ending));
    }

    /// The task ends now although its body goes on: the story is over, whatever the body still does.
    pub(super) fn cut_story(&self, task: TaskId, cut: Cut) {
        self.stories().entry(task).or_default().cut = Some(cut);
    }

    pub(super) fn cut(&self, task: TaskId) -> Option<Cut> {
        let cut_short = [Outcome::Cancelled, Outcome::TimedOut].map(Some);
        if !cut_short.contains(&self.machine.outcome(task)) {
            return None;
        }
        self.stories().get(&task)?.cut
    }

    /// Whether a task failed before its body was called.
    pub(super) fn never_ran(&self, task: TaskId) -> bool {
        self.machine.outcome(task) == Some(Outcome::Failed)
            && self.stories().get(&task).is_some_and(|story| story.never_ran)
    }

    /// Adds to a story that is not over.
    fn go_on(&self, task: TaskId, add: impl FnOnce(&mut Story)) {
        let mut stories = self.stories();
        let story = stories.entry(task).or_default();
        if story.cut.is_none() {
            add(story);
        }
    }

    /// Keeps what an attempt said that is followed by another; gives back what may be told of it.
    pub(crate) fn note_attempt(&self, task: TaskId, ending: &Ending) -> Failure {
        self.go_on(task, |story| story.failed.push(ending.clone()));
        self.masked_ending(ending.clone()).failure().unwrap_or_default()
    }

    pub(crate) fn note_begun(&self, task: TaskId, attempt: u32) {
        self.go_on(task, |story| story.begun = attempt);
    }

    /// Keeps a result that is there also when the task does not pass.
    pub(crate) fn note_result(&self, task: TaskId, value: Value) {
        self.go_on(task, |story| story.result = Some(value));
    }

    /// Keeps that a task fails without being run.
    pub(crate) fn note_never_ran(&self, task: TaskId, warning: String) {
        self.go_on(task, |story| (story.never_ran, story.warning) = (true, Some(warning)));
    }

    /// Keeps how a task is run other than it was meant to.
    pub(crate) fn note_mode(&self, task: TaskId, mode: ExecutionMode, warning: String) {
        self.go_on(task, |story| (story.mode, story.warning) = (Some(mode), Some(warning)));
    }

    /// Keeps what is to be said of a task beside how it ended.
    pub(super) fn note_warning(&self, task: TaskId, warning: String) {
        self.go_on(task, |story| story.warning = Some(warning));
    }

    /// Keeps what an attempt wrote; that of the last one stays.
    pub(crate) fn note_output(&self, task: TaskId, output: TaskOutput) {
        if !output.is_empty() {
            self.go_on(task, |story| story.output = Some(output));
        }
    }

    /// What the last attempt wrote, if it was captured.
    pub(crate) fn output(&self, task: TaskId) -> Option<TaskOutput> {
        let output = self.stories().get(&task)?.output.clone()?;
        Some(self.masked_output(task, output))
    }

    /// How many attempts failed and were followed by another.
    pub(crate) fn failed_attempts(&self, task: TaskId) -> u32 {
        let failed = self.stories().get(&task).map_or(0, |story| story.failed.len());
        u32::try_from(failed).unwrap_or(u32::MAX)
    }

    /// How many attempts were made.
    pub(crate) fn attempts(&self, task: TaskId) -> u32 {
        let begun = self.stories().get(&task).map_or(0, |story| story.begun);
        if self.worker(task).is_some() { begun.max(1) } else { 0 }
    }

    /// How many tasks passed after attempts that failed.
    pub(crate) fn flaky(&self) -> usize {
        let passed = |task: &TaskId| self.machine.outcome(*task) == Some(Outcome::Passed);
        let several = |(task, story): (&TaskId, &Story)| (story.begun > 1).then_some(*task);
        self.stories().iter().filter_map(several).filter(passed).count()
    }

    /// How many attempts there could have been after the first.
    pub(crate) fn retries(&self, task: TaskId) -> u32 {
        match self.body(task) {
            Body::Special(special) => special.attributes.attempts.retries,
            _ => 0,
        }
    }

    /// What every attempt said that failed.
    pub(crate) fn retry_errors(&self, task: TaskId) -> Vec<Failure> {
        let last = self.stories().get(&task).and_then(|story| story.ending.clone());
        let last = last.filter(|ending| {
            ending.may_be_retried() && self.machine.outcome(task) == Some(Outcome::Failed)
        });
        let mut errors = self.earlier_errors(task);
        errors.extend(last.and_then(|ending| self.masked_ending(ending).failure()));
        errors
    }

    /// What the attempts said that were to be followed by another.
    pub(crate) fn earlier_errors(&self, task: TaskId) -> Vec<Failure> {
        let failed = self.stories().get(&task).map(|story| story.failed.clone());
        let told = |ending| self.masked_ending(ending).failure().unwrap_or_default();
        failed.into_iter().flatten().map(told).collect()
    }

    pub(crate) fn warning(&self, task: TaskId) -> Option<String> {
        let warning = self.stories().get(&task)?.warning.clone();
        warning.map(|warning| self.masked(warning))
    }

    /// How the body was run; `None` when it never started.
    pub(crate) fn mode(&self, task: TaskId) -> Option<ExecutionMode> {
        self.worker(task)?;
        let noted = self.stories().get(&task).and_then(|story| story.mode);
        Some(noted.unwrap_or_else(|| self.body(task).mode()))
    }

    /// What a task left that did not pass.
    pub(crate) fn left_value(&self, task: TaskId) -> Option<Value> {
        self.stories().get(&task)?.result.clone()
    }

    pub(crate) fn failure(&self, task: TaskId) -> Option<Failure> {
        // A body that was given up may have noted an ending that nobody waits for any more.
        let outcome = self.machine.outcome(task)?;
        let ending = self.stories().get(&task)?.ending.clone()?;
        if ending.outcome() == outcome { self.masked_ending(ending).failure() } else { None }
    }

    /// The reason that the body gave for being skipped.
    pub(super) fn own_reason(&self, task: TaskId) -> Option<String> {
        match self.stories().get(&task)?.ending.as_ref()? {
            Ending::Skipped(reason) => Some(reason.clone()),
            _ => None,
        }
    }

    fn stories(&self) -> MutexGuard<'_, HashMap<TaskId, Story>> {
        self.stories.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
