//! How a run is stopped, and what runs although it was.

use std::sync::atomic::{Ordering, fence};

use super::{GOING, Machine, NO_CAUSE, POSTPONED, RESUMED, RUNNING, STOPPING, Step, WAITING};
use crate::graph::{Graph, TaskId};
use crate::outcome::Outcome;

/// How far a stop goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Running tasks may finish.
    Waiting,
    /// Running tasks are cancelled too, but `always` tasks.
    Running,
    /// Everything is cancelled.
    All,
}

impl<R> Machine<R> {
    /// From now on nothing starts, but for tasks that run although the run was stopped. Whoever
    /// calls it, from any thread, sees to the [`sweep`](Self::sweep).
    pub fn stop(&self) {
        let order = Ordering::SeqCst;
        let _ = self.course.compare_exchange(GOING, STOPPING, order, order);
        // See `again`: what was given back before is seen by the sweep that follows.
        fence(order);
    }

    /// From now on nothing starts at all.
    pub fn halt(&self) {
        self.course.store(STOPPING, Ordering::SeqCst);
        fence(Ordering::SeqCst);
    }

    /// Whether nothing starts.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.course.load(Ordering::Relaxed) == STOPPING
    }

    /// Ends what has not ended, after [`stop`](Self::stop): downstream of what went wrong as
    /// skipped, the rest as cancelled. Running tasks that end by themselves, as they are being
    /// killed, are `spared`. Waiting tasks that run always are postponed; gives back how many those
    /// are.
    pub fn sweep(
        &self,
        graph: &Graph,
        reach: Reach,
        spared: impl Fn(TaskId) -> bool,
        mut step: impl FnMut(Step),
    ) -> usize {
        let mut postponed = 0;
        for task in graph.any_order() {
            if self.cell(task).always && reach != Reach::All {
                postponed += usize::from(self.turn(task, WAITING, POSTPONED));
            } else if let Some(ended) = self.cut_short(task, reach, &spared) {
                self.pass_by(graph, task);
                step(ended);
            }
            self.hand_cause_down(graph, task);
        }
        postponed
    }

    /// Ends one task as the stop wants it; `None` when there is nothing to end.
    fn cut_short(
        &self,
        task: TaskId,
        reach: Reach,
        spared: impl Fn(TaskId) -> bool,
    ) -> Option<Step> {
        let outcome = match self.cell(task).cause.load(Ordering::Relaxed) {
            NO_CAUSE => Outcome::Cancelled,
            _ => Outcome::Skipped,
        };
        if self.end(task, WAITING, outcome) || self.end(task, POSTPONED, outcome) {
            Some(Step::Ended(task, outcome))
        } else {
            let cut = reach != Reach::Waiting && !spared(task);
            (cut && self.end(task, RUNNING, Outcome::Cancelled)).then_some(Step::Abandoned(task))
        }
    }

    /// Lets postponed tasks run when everything else has ended.
    pub fn resume(&self, graph: &Graph, mut step: impl FnMut(Step)) {
        self.course.store(RESUMED, Ordering::SeqCst);
        for task in graph.tasks() {
            let turned = self.turn(task, POSTPONED, WAITING);
            if turned && self.cell(task).pending.load(Ordering::Acquire) == 0 {
                step(Step::Ready(task));
            }
        }
    }

    /// Ends every waiting task with one outcome.
    pub fn end_all(&self, graph: &Graph, outcome: Outcome, mut step: impl FnMut(Step)) {
        for task in graph.tasks() {
            if self.end(task, WAITING, outcome) {
                step(Step::Ended(task, outcome));
            }
        }
    }

    /// Whoever runs always waits no longer for a task that a sweep ended.
    fn pass_by(&self, graph: &Graph, task: TaskId) {
        for dependent in graph.dependents(task) {
            self.cell(*dependent).pending.fetch_sub(1, Ordering::AcqRel);
        }
    }

    fn hand_cause_down(&self, graph: &Graph, task: TaskId) {
        if !self.outcome(task).is_some_and(|outcome| self.blocks(outcome)) {
            return;
        }
        for dependent in graph.dependents(task).iter().map(|task| self.cell(*task)) {
            if !dependent.always && Self::waits(dependent) {
                dependent.cause.fetch_min(self.root(task), Ordering::Relaxed);
            }
        }
    }
}
