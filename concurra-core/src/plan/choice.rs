//! Which tasks are in the plan, why, and with which edges.

use std::collections::{HashMap, HashSet};

use super::Preset;
use super::draft::{Draft, site};
use super::mocks::mock_value;
use super::suggestions::Suggestions;
use crate::event::SelectionSummary;
use crate::graph::{Graph, Rows, TaskId};
use crate::problem::Problem;
use crate::secret::Secrets;
use crate::selection::{Filter, Ignored, Selection, filters};
use crate::task::{Body, Task};
use crate::value::Value;

/// Why a task is in the plan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Chosen,
    Dependency,
}

/// What the user asked for, with names resolved.
pub(super) struct Choice {
    filters: Vec<Box<dyn Filter>>,
    only: Vec<usize>,
    mocks: HashMap<usize, Option<Value>>,
    /// What is shown nowhere, as far as it is known before anything runs.
    pub(super) secrets: Secrets,
}

impl Choice {
    /// Resolves the names. Those that a tolerant selection leaves to other targets become `absent`.
    pub(super) fn read(
        draft: &Draft,
        suggestions: &mut Suggestions<'_>,
        problems: &mut Vec<Problem>,
        absent: &mut Vec<Problem>,
    ) -> Self {
        let Draft { selection, tasks, bodies, .. } = draft;
        // These tasks were named together with their target, so no other target may know them.
        let only = selection.only.iter().filter_map(|named| {
            let inside =
                named.module.as_ref().and_then(|module| suggestions.inside(module, &named.name));
            inside.or_else(|| suggestions.resolve(&named.name, "the target", problems))
        });
        let only = only.collect();
        let (filters, mut wrong) = filters(selection, tasks);
        let mut found = Vec::new();
        for (name, text) in &draft.mocks {
            let index = suggestions.resolve(name, "a given result", &mut wrong);
            found.extend(index.map(|index| (index, name, text.as_deref())));
        }
        let mut secrets = draft.secrets.clone();
        bodies.iter().filter_map(Body::secrets).for_each(|commands| secrets.add(commands));
        let of_secret = found.iter().filter(|(index, ..)| tasks[*index].is_secret());
        of_secret.for_each(|(_, _, text)| secrets.push_result(text.unwrap_or_default()));
        let mut mocks = HashMap::new();
        for (index, name, text) in found {
            match mock_value(&tasks[index], &bodies[index], text, &secrets) {
                Ok(value) => drop(mocks.insert(index, value)),
                Err(why) => wrong.push(Problem::BadMock { name: name.clone(), why }),
            }
        }
        let elsewhere = |problem: &Problem| selection.tolerant && problem.may_be_elsewhere();
        let (tolerated, wrong): (Vec<_>, Vec<_>) = wrong.into_iter().partition(elsewhere);
        problems.extend(wrong);
        absent.extend(tolerated);
        Self { filters, only, mocks, secrets }
    }

    /// Chooses tasks and pulls in what they need.
    pub(super) fn keep(&self, draft: &Draft, whole: Graph, problems: &mut Vec<Problem>) -> Kept {
        let tasks = &draft.tasks;
        let mut inside: Vec<Option<Role>> = vec![None; tasks.len()];
        let mut chosen = Vec::new();
        for index in 0..tasks.len() {
            // A name that was not found chooses nothing: it must never stand for every task.
            let wanted = if draft.selection.only.is_empty() {
                draft.own[index] && self.accepts(&tasks[index])
            } else {
                self.only.contains(&index)
            };
            if wanted {
                inside[index] = Some(Role::Chosen);
                chosen.push(index);
            }
        }
        let with_deps = draft.selection.deps.unwrap_or(draft.selection.only.is_empty());
        if with_deps && chosen.len() < tasks.len() {
            self.pull_in(draft, &whole, &mut inside, problems);
            self.pull_in_always(draft, &whole, &mut inside);
        }
        // A body may read a result that was given, also where the plan has no edge to it.
        for mocked in self.mocks.keys() {
            inside[*mocked].get_or_insert(Role::Dependency);
        }
        let given = |task: usize| self.mocks.contains_key(&task);
        let pulled_in = (0..tasks.len())
            .filter(|task| inside[*task] == Some(Role::Dependency) && !given(*task))
            .count();
        let left = |only: &[usize]| {
            let needed = only.iter().flat_map(|only| whole.dependencies((*only).into()));
            let needed = needed.map(|task| task.index()).filter(|task| !given(*task));
            needed.filter(|task| !only.contains(task)).collect::<HashSet<_>>().len()
        };
        let selection = SelectionSummary {
            total: draft.own.iter().filter(|own| **own).count(),
            chosen: chosen.len(),
            pulled_in,
            mocked: self.mocks.len(),
            filter: self.describe(draft),
            dependencies_left: (!self.only.is_empty() && !with_deps).then(|| left(&self.only)),
            left_out: 0,
        };
        let graph = if self.keeps_everything(draft, chosen.len()) {
            whole
        } else if with_deps {
            Graph::new(self.direct_rows(draft, &whole, &inside))
        } else {
            Graph::new(self.bridged_rows(draft, &whole, &inside))
        };
        Kept { inside, graph, selection }
    }

    fn accepts(&self, task: &Task) -> bool {
        self.filters.iter().all(|filter| filter.reject(task).is_none())
    }

    /// Whether no task and no edge is left out, as in most plans, whose graph is made already.
    fn keeps_everything(&self, draft: &Draft, chosen: usize) -> bool {
        chosen == draft.tasks.len()
            && self.mocks.is_empty()
            && draft.tasks.iter().all(|task| task.ignore().is_none())
    }

    /// What decides the task's outcome beforehand.
    pub(super) fn preset(&self, selection: &Selection, index: usize, task: &Task) -> Preset {
        if let Some(value) = self.mocks.get(&index) {
            return Preset::Mocked(value.clone());
        }
        match task.ignore() {
            Some(why) if !runs_ignored(selection, task, self.only.contains(&index)) => {
                Preset::Ignored(why)
            }
            _ => Preset::None,
        }
    }

    fn describe(&self, draft: &Draft) -> Option<String> {
        let describe = |filters: &[Box<dyn Filter>]| {
            filters.iter().filter_map(|filter| filter.describe()).collect::<Vec<_>>()
        };
        let texts = if self.secrets.is_empty() {
            describe(&self.filters)
        } else {
            let shown = draft.selection.mask(&|text| self.secrets.mask(text).into_owned());
            describe(&filters(&shown, &[]).0)
        };
        (!texts.is_empty()).then(|| texts.join(" & "))
    }

    /// Marks what chosen tasks need; a mocked task needs nothing.
    fn pull_in(
        &self,
        draft: &Draft,
        whole: &Graph,
        inside: &mut [Option<Role>],
        problems: &mut Vec<Problem>,
    ) {
        let mut open: Vec<TaskId> =
            whole.tasks().filter(|task| inside[task.index()].is_some()).collect();
        while let Some(task) = open.pop() {
            if self.needs_nothing(draft, task) {
                continue;
            }
            for &dependency in whole.dependencies(task) {
                if inside[dependency.index()].is_some() {
                    continue;
                }
                inside[dependency.index()] = Some(Role::Dependency);
                open.push(dependency);
                let excluded = &draft.tasks[dependency.index()];
                let by = self.filters.iter().filter(|filter| filter.excludes());
                let by = by.filter_map(|filter| filter.reject(excluded)).next();
                if let (Some(by), false) = (by, self.mocks.contains_key(&dependency.index())) {
                    let task = site(&draft.tasks[task.index()]);
                    let excluded = excluded.name.clone();
                    problems.push(Problem::ExcludedDependency { task, excluded, by });
                }
            }
        }
    }

    /// Marks what runs always and stands directly behind a task that is run.
    fn pull_in_always(&self, draft: &Draft, whole: &Graph, inside: &mut [Option<Role>]) {
        let mut open: Vec<TaskId> =
            whole.tasks().filter(|task| inside[task.index()].is_some()).collect();
        while let Some(task) = open.pop() {
            if self.needs_nothing(draft, task) {
                continue;
            }
            for &dependent in whole.dependents(task) {
                let index = dependent.index();
                if draft.tasks[index].runs_always() && inside[index].is_none() {
                    inside[index] = Some(Role::Dependency);
                    open.push(dependent);
                }
            }
        }
    }

    fn needs_nothing(&self, draft: &Draft, task: TaskId) -> bool {
        let ignored = &draft.tasks[task.index()];
        self.mocks.contains_key(&task.index())
            || ignored.ignore().is_some()
                && !runs_ignored(&draft.selection, ignored, self.only.contains(&task.index()))
    }

    /// Edges among kept tasks.
    fn direct_rows(&self, draft: &Draft, whole: &Graph, inside: &[Option<Role>]) -> Rows {
        let place = renumber(inside);
        let mut rows = Rows::with_capacity(whole.len(), whole.edges());
        for task in whole.tasks().filter(|task| inside[task.index()].is_some()) {
            let free = self.needs_nothing(draft, task);
            let needed = whole.dependencies(task).iter().filter(|_| !free);
            rows.push(needed.filter_map(|dependency| place[dependency.index()]));
        }
        rows
    }

    /// Edges among kept tasks, also those that ran through tasks left out.
    fn bridged_rows(&self, draft: &Draft, whole: &Graph, inside: &[Option<Role>]) -> Rows {
        let place = renumber(inside);
        let mut rows = Rows::with_capacity(whole.len(), whole.edges());
        let mut seen = vec![u32::MAX; whole.len()];
        for task in whole.tasks().filter(|task| inside[task.index()].is_some()) {
            let mut row = Vec::new();
            let mut open = vec![task];
            if self.needs_nothing(draft, task) {
                open.clear();
            }
            while let Some(from) = open.pop() {
                for &dependency in whole.dependencies(from) {
                    if std::mem::replace(&mut seen[dependency.index()], task.0) == task.0 {
                        continue;
                    }
                    match place[dependency.index()] {
                        Some(kept) => row.push(kept),
                        None => open.push(dependency),
                    }
                }
            }
            rows.push(row);
        }
        rows
    }
}

/// The tasks that are kept, and the edges among them.
pub(super) struct Kept {
    pub(super) inside: Vec<Option<Role>>,
    pub(super) graph: Graph,
    pub(super) selection: SelectionSummary,
}

/// The new index of every kept task.
fn renumber(inside: &[Option<Role>]) -> Vec<Option<TaskId>> {
    let mut next = 0..;
    let number = |role: &Option<Role>| role.and_then(|_| next.next()).map(TaskId);
    inside.iter().map(number).collect()
}

/// Whether a task runs although it is marked `ignore`; `only` when it was named.
fn runs_ignored(selection: &Selection, task: &Task, only: bool) -> bool {
    let exactly = selection.exact && selection.filters.contains(&task.name);
    selection.ignored != Ignored::Leave || only || exactly
}
