//! An obviously right account of how the tasks of a run end, written without any of the machine's
//! tricks: it looks at the whole graph again for every question.

use std::collections::BTreeSet;

use concurra_core::{Graph, Outcome, Rows, TaskId};

/// What is known of a run from outside.
pub(crate) struct Model {
    /// For each task what it waits for.
    pub(crate) needs: Vec<Vec<usize>>,
    pub(crate) run_dependents: bool,
    /// How each task ended, once it has.
    pub(crate) ended: Vec<Option<Outcome>>,
    /// For a task that was skipped on account of others: the roots at the time.
    pub(crate) roots: Vec<BTreeSet<usize>>,
}

impl Model {
    pub(crate) fn new(needs: Vec<Vec<usize>>, run_dependents: bool) -> Self {
        let (ended, roots) = (vec![None; needs.len()], vec![BTreeSet::new(); needs.len()]);
        Self { needs, run_dependents, ended, roots }
    }

    pub(crate) fn graph(&self) -> Graph {
        let mut rows = Rows::default();
        for needs in &self.needs {
            rows.push(needs.iter().map(|need| TaskId::from(*need)));
        }
        Graph::new(rows)
    }

    /// Whether everything that the task waits for has ended.
    pub(crate) fn may_start(&self, task: usize) -> bool {
        self.needs[task].iter().all(|need| self.ended[*need].is_some())
    }

    /// What went wrong above the task, as far as it is known; cancelled tasks are no cause.
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

    /// Skips what cannot run any more; gives back what was skipped.
    pub(crate) fn spread(&mut self) -> Vec<usize> {
        let mut skipped = Vec::new();
        // Dependencies may have any number, so it goes over all tasks until nothing changes.
        loop {
            let next = (0..self.needs.len()).find(|task| {
                self.ended[*task].is_none()
                    && !self.run_dependents
                    && self.may_start(*task)
                    && !self.roots_above(*task).is_empty()
            });
            let Some(task) = next else { return skipped };
            self.skip(task);
            skipped.push(task);
        }
    }

    /// Ends what has not ended, but for `spared` tasks; gives back what was ended.
    pub(crate) fn sweep(&mut self, running: &[usize], spared: &[usize]) -> Vec<usize> {
        let mut open: BTreeSet<usize> = (0..self.needs.len())
            .filter(|task| self.ended[*task].is_none() && !spared.contains(task))
            .collect();
        let all = open.iter().copied().collect();
        // A task is judged when those above it have been.
        while let Some(&task) =
            open.iter().find(|task| self.needs[**task].iter().all(|need| !open.contains(need)))
        {
            open.remove(&task);
            let downstream = !self.run_dependents && !self.roots_above(task).is_empty();
            if downstream && !running.contains(&task) {
                self.skip(task);
            } else {
                self.ended[task] = Some(Outcome::Cancelled);
            }
        }
        all
    }

    fn skip(&mut self, task: usize) {
        self.roots[task] = self.roots_above(task);
        self.ended[task] = Some(Outcome::Skipped);
    }
}
