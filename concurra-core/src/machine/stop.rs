//! How a run is stopped, and which tasks run after that.

use std::sync::atomic::{Ordering, fence};

use super::{GOING, Machine, NO_CAUSE, POSTPONED, RESUMED, RUNNING, STOPPING, Step, WAITING};
use crate::graph::{Graph, TaskId};
use crate::outcome::Outcome;

/// How far a stop goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Running tasks may finish.
    Waiting,
    /// Running tasks are cancelled too, except `always` tasks.
    Running,
    /// Everything is cancelled.
    All,
}

impl<R, C> Machine<R, C> {
    /// From now on no task starts, until [`resume`](Self::resume). The caller, on any thread, makes sure
    /// that a [`sweep`](Self::sweep) follows.
    pub fn stop(&self) {
        let order = Ordering::SeqCst;
        let _ = self.course.compare_exchange(GOING, STOPPING, order, order);
        // See `again`: the sweep that follows sees every task that was returned before.
        fence(order);
    }

    /// From now on no task starts, not even one that runs always.
    pub fn halt(&self) {
        self.course.store(STOPPING, Ordering::SeqCst);
        fence(Ordering::SeqCst);
    }

    /// Whether no task starts.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.course.load(Ordering::Relaxed) == STOPPING
    }

    /// Ends the tasks that have not ended, after [`stop`](Self::stop): those with a root cause upstream
    /// as skipped, the others as cancelled. Running tasks whose processes are being killed end by
    /// themselves and are `spared`. Waiting tasks that run always are postponed; returns how many.
    pub fn sweep(
        &self,
        graph: &Graph,
        reach: Reach,
        spared: impl Fn(TaskId) -> bool,
        mut step: impl FnMut(Step),
    ) -> usize {
        let mut postponed = 0;
        for task in graph.any_order() {
            if self.cell(task).status.is_always() && reach != Reach::All {
                postponed += usize::from(self.turn(task, WAITING, POSTPONED));
            } else if let Some(ended) = self.end_by_stop(task, reach, &spared) {
                for dependent in graph.dependents(task) {
                    self.cell(*dependent).is_last(graph.fan_in(*dependent));
                }
                step(ended);
            }
            self.pass_cause_on(graph, task);
        }
        postponed
    }

    /// Ends one task; `None` if it continues or has ended already.
    fn end_by_stop(
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
            let cancels = reach != Reach::Waiting && !spared(task);
            (cancels && self.end(task, RUNNING, Outcome::Cancelled))
                .then_some(Step::Abandoned(task))
        }
    }

    /// Lets postponed tasks run after all others have ended.
    pub fn resume(&self, graph: &Graph, mut step: impl FnMut(Step)) {
        self.course.store(RESUMED, Ordering::SeqCst);
        for task in graph.tasks() {
            let turned = self.turn(task, POSTPONED, WAITING);
            if turned && self.cell(task).have_all_ended(graph.fan_in(task)) {
                step(Step::Ready(task));
            }
        }
    }

    /// Ends every waiting or postponed task with one outcome.
    pub fn end_all(&self, graph: &Graph, outcome: Outcome, mut step: impl FnMut(Step)) {
        for task in graph.tasks() {
            if self.end(task, WAITING, outcome) || self.end(task, POSTPONED, outcome) {
                step(Step::Ended(task, outcome));
            }
        }
    }

    fn pass_cause_on(&self, graph: &Graph, task: TaskId) {
        if !self.outcome(task).is_some_and(|outcome| self.blocks(outcome)) {
            return;
        }
        for dependent in graph.dependents(task).iter().map(|task| self.cell(*task)) {
            if !dependent.status.is_always() && dependent.waits() {
                dependent.cause.fetch_min(self.root(task), Ordering::Relaxed);
            }
        }
    }
}
