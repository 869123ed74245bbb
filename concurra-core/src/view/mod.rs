//! A run as its events describe it so far. Reporters read it, in this process or in another.

mod json;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub(crate) use json::{RunJson, TaskJson, trace};

use crate::counts::Counts;
use crate::event::{
    Event, Finished, HookFinished, HookKind, HookStarted, RunFinished, RunStarted, StopReason,
    TaskInfo,
};
use crate::failure::Failure;
use crate::graph::TaskId;

/// A run as its events describe it so far.
///
/// ```
/// use concurra_core::{Event, RunStarted, RunView};
///
/// let mut run = RunView::default();
/// run.apply(&Event::RunStarted(RunStarted::default().into()));
/// assert!(run.finished.is_none());
/// ```
#[derive(Clone, Debug, Default)]
pub struct RunView {
    /// The run's plan; without workers until the run begins.
    pub started: Arc<RunStarted>,
    ended: Vec<Option<Arc<Finished>>>,
    running: BTreeSet<TaskId>,
    running_hook: Option<HookStarted>,
    /// The names of the tasks and hooks whose abandoned bodies the run waits for.
    pub awaited: Vec<String>,
    /// The hooks that have ended.
    pub hooks: Vec<HookFinished>,
    /// Problems outside of the tasks.
    pub warnings: Vec<String>,
    /// Why the run was stopped, or is about to stop.
    pub stopped: Option<StopReason>,
    /// The end of the run; `None` while it runs, or when it did not finish.
    pub finished: Option<RunFinished>,
    /// Why the run did not finish.
    pub lost: Option<String>,
}

impl RunView {
    /// Applies an event.
    pub fn apply(&mut self, event: &Event) {
        // Whatever else happens ends the wait.
        if !matches!(event, Event::Stopping { .. }) {
            self.awaited.clear();
        }
        match event {
            Event::RunStarted(started) => {
                let (ended, started) = (vec![None; started.tasks.len()], Arc::clone(started));
                *self = Self { ended, started, ..Self::default() };
            }
            Event::HookStarted(hook) => self.running_hook = Some(hook.clone()),
            Event::HookFinished(hook) => {
                self.running_hook = None;
                self.hooks.push(hook.clone());
            }
            Event::Started { task, .. } => drop(self.running.insert(*task)),
            Event::Finished(end) | Event::Remasked(end) => {
                self.running.remove(&end.task);
                // A stream from elsewhere may name a task that its run does not have.
                if let Some(ended) = self.ended.get_mut(end.task.index()) {
                    *ended = Some(Arc::clone(end));
                }
            }
            Event::Stopping { reason, .. } => {
                self.stopped.get_or_insert(*reason);
            }
            Event::Warning { text } => self.warnings.push(text.clone()),
            Event::RunFinished(finished) => self.finished = Some(finished.clone()),
            Event::RunLost { error } => self.lost = Some(error.clone()),
            Event::Ready { .. }
            | Event::Retrying { .. }
            | Event::Slow { .. }
            | Event::HookSlow { .. } => {}
            Event::AwaitingAbandoned { names, .. } => self.awaited.clone_from(names),
        }
    }

    /// Whether the run has begun.
    #[must_use]
    pub fn has_started(&self) -> bool {
        self.started.workers > 0
    }

    /// A task of the plan.
    ///
    /// # Panics
    /// The run has no such task.
    #[must_use]
    pub fn task(&self, task: TaskId) -> &TaskInfo {
        &self.started.tasks[task.index()]
    }

    /// How a task ended; `None` when it has not.
    #[must_use]
    pub fn ended(&self, task: TaskId) -> Option<&Finished> {
        self.ended.get(task.index())?.as_deref()
    }

    /// The tasks that have ended, in the order of the plan.
    pub fn all_ended(&self) -> impl Iterator<Item = (&TaskInfo, &Finished)> {
        let tasks = self.started.tasks.iter().zip(&self.ended);
        tasks.filter_map(|(task, end)| Some((task, end.as_deref()?)))
    }

    /// The hook that runs.
    #[must_use]
    pub const fn running_hook(&self) -> Option<&HookStarted> {
        self.running_hook.as_ref()
    }

    /// The tasks that run, in the order of the plan.
    pub fn running_tasks(&self) -> impl Iterator<Item = &TaskInfo> {
        self.running.iter().filter_map(|task| self.started.tasks.get(task.index()))
    }

    /// The tasks that have neither started nor ended, in the order of the plan.
    pub fn waiting(&self) -> impl Iterator<Item = &TaskInfo> {
        let tasks = self.started.tasks.iter().enumerate();
        let waits = |task: TaskId| self.ended(task).is_none() && !self.running.contains(&task);
        tasks.filter(move |(index, _)| waits(TaskId::from(*index))).map(|(_, task)| task)
    }

    /// The teardowns that have not started, by name.
    pub fn waiting_teardowns(&self) -> impl Iterator<Item = &str> {
        let ended = self.hooks.iter().filter(|hook| hook.hook == HookKind::Teardown).count();
        let running = self.running_hook.iter().filter(|hook| hook.hook == HookKind::Teardown);
        let started = ended + running.count();
        self.started.teardowns.iter().skip(started).map(String::as_str)
    }

    /// How many tasks ended how.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.all_ended().for_each(|(_, end)| counts.add(end.outcome));
        counts.with_flaky(self.all_ended().filter(|(_, end)| end.is_flaky()).count())
    }

    /// The hooks that failed, each with its failure.
    pub fn hook_failures(&self) -> impl Iterator<Item = (&HookFinished, &Failure)> {
        self.hooks.iter().filter_map(|hook| Some((hook, hook.failure.as_ref()?)))
    }

    /// The hooks of one kind that failed.
    pub fn failed_hooks(&self, kind: HookKind) -> impl Iterator<Item = &HookFinished> {
        self.hook_failures().map(|(hook, _)| hook).filter(move |hook| hook.hook == kind)
    }

    /// The warnings about tasks that were chosen by their ends, each with the task's name, and those about
    /// the run.
    pub fn all_warnings(&self, chosen: impl Fn(&Finished) -> bool) -> impl Iterator<Item = String> {
        let ended = self.all_ended().filter(move |(_, end)| chosen(end));
        let of_tasks = ended.filter_map(|(task, end)| {
            let warning = end.warning.as_ref()?;
            Some(format!("{}: {warning}", task.name))
        });
        of_tasks.chain(self.warnings.iter().cloned())
    }

    /// `3 passed, 1 failed, 1 setup failed`.
    #[must_use]
    pub fn summary(&self) -> String {
        summary(self.counts(), &self.hooks)
    }

    /// Whether the run finished, and nothing in it was bad.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.lost.is_none() && self.finished.as_ref().is_some_and(|finished| finished.good)
    }

    /// The skipped tasks, by the task at the root of their skip, however far up.
    #[must_use]
    pub fn skipped_by_root(&self) -> HashMap<TaskId, Vec<&TaskInfo>> {
        let mut skipped: HashMap<TaskId, Vec<&TaskInfo>> = HashMap::new();
        for (task, end) in self.all_ended() {
            if let Some(root) = end.root {
                skipped.entry(root).or_default().push(task);
            }
        }
        skipped
    }
}

/// The counts, with the number of hooks that failed.
pub(crate) fn summary(counts: Counts, hooks: &[HookFinished]) -> String {
    let mut text = counts.to_string();
    for kind in [HookKind::Setup, HookKind::Teardown] {
        match hooks.iter().filter(|hook| hook.hook == kind && hook.failure.is_some()).count() {
            0 => {}
            1 => text += &format!(", 1 {kind} failed"),
            several => text += &format!(", {several} {kind}s failed"),
        }
    }
    text
}
