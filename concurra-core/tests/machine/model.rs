//! An obviously right account of how the tasks of a run end, written without any of the machine's
//! tricks: it looks at the whole graph again for every question.

use std::collections::BTreeSet;

use concurra_core::{Graph, Outcome, Reach, Rows, TaskId};

/// What is known of a run from outside.
pub(crate) struct Model {
    /// For each task what it waits for.
    pub(crate) needs: Vec<Vec<usize>>,
    /// For each task whether it runs whatever happens.
    pub(crate) always: Vec<bool>,
    pub(crate) run_dependents: bool,
    /// How each task ended, once it has.
    pub(crate) ended: Vec<Option<Outcome>>,
    /// For a task that was skipped on account of others: the roots at the time.
    pub(crate) roots: Vec<BTreeSet<usize>>,
    /// Tasks that wait until the stopped run has come to rest.
    pub(crate) postponed: BTreeSet<usize>,
}

impl Model {
    pub(crate) fn new(needs: Vec<Vec<usize>>, always: Vec<bool>, run_dependents: bool) -> Self {
        let (ended, roots) = (vec![None; needs.len()], vec![BTreeSet::new(); needs.len()]);
        Self { needs, always, run_dependents, ended, roots, postponed: BTreeSet::new() }
    }

    pub(crate) fn graph(&self) -> Graph {
        let mut rows = Rows::default();
        for needs in &self.needs {
            rows.push(needs.iter().map(|need| TaskId::from(*need)));
        }
        Graph::new(rows)
    }

    pub(crate) fn tasks(&self) -> std::ops::Range<usize> {
        0..self.needs.len()
    }

    /// Whether everything that the task waits for has ended.
    pub(crate) fn may_start(&self, task: usize) -> bool {
        self.needs[task].iter().all(|need| self.ended[*need].is_some())
    }

    /// How many tasks wait or run.
    pub(crate) fn unended(&self) -> usize {
        self.ended.iter().filter(|ended| ended.is_none()).count() - self.postponed.len()
    }

    /// What went wrong above the task, as far as it is known; a cancelled task is not a cause.
    fn roots_above(&self, task: usize) -> BTreeSet<usize> {
        let mut roots = BTreeSet::new();
        for &need in &self.needs[task] {
            match self.ended[need] {
                Some(Outcome::Skipped) if !self.roots[need].is_empty() => {
                    roots.extend(&self.roots[need]);
                }
                Some(Outcome::Cancelled) | None => {}
                Some(outcome) if outcome.satisfies() => {}
                Some(_) => drop(roots.insert(need)),
            }
        }
        roots
    }

    /// Whether something above keeps the task from running.
    fn is_blocked(&self, task: usize) -> bool {
        !self.run_dependents && !self.always[task] && !self.roots_above(task).is_empty()
    }

    /// Skips what cannot run any more; gives back what was skipped.
    pub(crate) fn spread(&mut self) -> Vec<usize> {
        let mut skipped = Vec::new();
        // Dependencies may have any number, so it goes over all tasks until nothing changes.
        loop {
            let next = self.tasks().find(|task| {
                self.ended[*task].is_none() && self.may_start(*task) && self.is_blocked(*task)
            });
            let Some(task) = next else { return skipped };
            self.skip(task);
            skipped.push(task);
        }
    }

    /// Whether a task is said to end by itself when a stop would give it up.
    pub(crate) const fn is_killed(task: usize) -> bool {
        task.is_multiple_of(5)
    }

    /// Whether a stop of that reach lets the running task finish.
    pub(crate) fn spares(&self, task: usize, reach: Reach) -> bool {
        match reach {
            Reach::Waiting => true,
            Reach::Running => self.always[task] || Self::is_killed(task),
            Reach::All => Self::is_killed(task),
        }
    }

    /// Ends or postpones what has not ended, but for running tasks that the stop spares; gives back
    /// what was ended, and how many tasks were postponed.
    pub(crate) fn sweep(&mut self, running: &[usize], reach: Reach) -> (Vec<usize>, usize) {
        let spared = |task: &usize| running.contains(task) && self.spares(*task, reach);
        let mut open: BTreeSet<usize> =
            self.tasks().filter(|task| self.ended[*task].is_none() && !spared(task)).collect();
        let before = self.postponed.len();
        if reach == Reach::All {
            self.postponed.clear();
        } else {
            self.postponed.extend(open.iter().filter(|task| self.always[**task]));
            open.retain(|task| !self.postponed.contains(task));
        }
        let all = open.iter().copied().collect();
        // A task is judged when those above it have been.
        while let Some(&task) =
            open.iter().find(|task| self.needs[**task].iter().all(|need| !open.contains(need)))
        {
            open.remove(&task);
            if self.is_blocked(task) && !running.contains(&task) {
                self.skip(task);
            } else {
                self.ended[task] = Some(Outcome::Cancelled);
            }
        }
        (all, self.postponed.len().saturating_sub(before))
    }

    /// Lets postponed tasks run; gives back those that wait for nothing any more.
    pub(crate) fn resume(&mut self) -> Vec<usize> {
        let postponed = std::mem::take(&mut self.postponed);
        postponed.into_iter().filter(|task| self.may_start(*task)).collect()
    }

    fn skip(&mut self, task: usize) {
        self.roots[task] = self.roots_above(task);
        self.ended[task] = Some(Outcome::Skipped);
    }
}
