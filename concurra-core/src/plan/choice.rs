//! Which tasks are in the plan, why, and with which edges.

use std::collections::HashSet;

use super::draft::Draft;
use super::mocks::mock_value;
use super::suggestions::Suggestions;
use crate::event::SelectionSummary;
use crate::graph::{Graph, Rows, TaskId};
use crate::problem::Problem;
use crate::secret::Secrets;
use crate::selection::{Filter, Ignored, filters};
use crate::task::{Preset, Slot, Task};

/// Why a task is in the plan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Chosen,
    Dependency,
}

/// The user's selection and mocks, with names resolved.
pub(super) struct Choice {
    filters: Vec<Filter>,
    only: Vec<usize>,
    /// For each task of the draft.
    /// The outcomes of tasks that are known before the run.
    pub(super) presets: Vec<Option<Box<Preset>>>,
    /// Every secret that is known before the run.
    pub(super) secrets: Secrets,
}

/// What is wrong with a draft.
#[derive(Default)]
pub(super) struct Findings {
    /// Nothing runs with one of these.
    pub(super) problems: Vec<Problem>,
    /// Names that a tolerant selection leaves to other targets.
    pub(super) absent: Vec<Problem>,
    /// The plan runs all the same.
    pub(super) harmless: Vec<Problem>,
}

impl Findings {
    /// The list that the problem belongs to.
    const fn of(&mut self, problem: &Problem, tolerant: bool) -> &mut Vec<Problem> {
        if tolerant && problem.may_be_elsewhere() {
            &mut self.absent
        } else if problem.is_harmless() {
            &mut self.harmless
        } else {
            &mut self.problems
        }
    }
}

/// The tasks that are kept, and the edges among them.
pub(super) struct Kept {
    pub(super) roles: Vec<Option<Role>>,
    pub(super) graph: Graph,
    pub(super) selection: SelectionSummary,
}

impl Choice {
    /// Resolves the names, and sorts what is wrong with them.
    pub(super) fn read(
        draft: &Draft,
        slots: &mut [Slot],
        suggestions: &mut Suggestions<'_>,
        findings: &mut Findings,
    ) -> Self {
        let Draft { selection, tasks, .. } = draft;
        // These tasks were named together with their target, so no other target may know them.
        let only = selection.only.iter().filter_map(|named| {
            let inside =
                named.module.as_ref().and_then(|module| suggestions.inside(module, &named.name));
            inside
                .or_else(|| suggestions.resolve(&named.name, "the target", &mut findings.problems))
        });
        let only: Vec<usize> = only.collect();
        let (filters, mut wrong) = filters(selection, tasks);
        let mut mocks = Vec::new();
        for (name, text) in &draft.mocks {
            let index = suggestions.resolve(name, "a mock (`--result`)", &mut wrong);
            mocks.extend(index.map(|index| (index, name, text.as_deref())));
        }
        let mut secrets = draft.secrets.clone();
        let specs = slots.iter().filter_map(|slot| slot.record.body.spec());
        specs.for_each(|command| secrets.add(&command.secrets));
        let of_secret = mocks.iter().filter(|(index, ..)| tasks[*index].options().secret);
        of_secret.for_each(|(_, _, text)| secrets.push_result(text.unwrap_or_default()));
        let mut presets = presets(draft, &only);
        for (index, name, text) in mocks {
            match mock_value(&tasks[index], &mut slots[index], text, &secrets) {
                Ok(value) => presets[index] = Some(Box::new(Preset::Mocked(value))),
                Err(why) => wrong.push(Problem::BadMock { name: name.clone(), why }),
            }
        }
        for problem in wrong {
            findings.of(&problem, selection.tolerant).push(problem);
        }
        Self { filters, only, presets, secrets }
    }

    /// Chooses tasks and pulls in their dependencies. Skips tasks that need an excluded one, unless the run
    /// has `run_dependents`.
    pub(super) fn keep(&mut self, draft: &Draft, whole: Graph, run_dependents: bool) -> Kept {
        let Draft { tasks, selection, .. } = draft;
        let is_chosen = |index: usize| match selection.only.as_slice() {
            [] => tasks[index].own && self.accepts(&tasks[index]),
            // An unknown name chooses nothing: it must never choose every task.
            _ => self.only.contains(&index) && !self.excludes(&tasks[index]),
        };
        let role = |index| is_chosen(index).then_some(Role::Chosen);
        let mut roles: Vec<_> = (0..tasks.len()).map(role).collect();
        let with_dependencies = selection.deps.unwrap_or(selection.only.is_empty());
        if with_dependencies && roles.contains(&None) {
            let excluded = self.excluded(tasks, &roles);
            if !run_dependents && !excluded.is_empty() {
                self.skip_dependents(&excluded, tasks, &whole);
            }
            let is_excluded = |task: TaskId| excluded.contains(&task);
            self.pull_in(&mut roles, |task| whole.dependencies(task), |task| !is_excluded(task));
            let always = |task: TaskId| tasks[task.index()].options().always && !is_excluded(task);
            self.pull_in(&mut roles, |task| whole.dependents(task), always);
        }
        // A body may read the result of a mock, also where the plan has no edge to it.
        for (role, _) in roles.iter_mut().zip(&self.presets).filter(|(_, preset)| is_mocked(preset))
        {
            role.get_or_insert(Role::Dependency);
        }
        let selection = self.summary(draft, &whole, &roles, with_dependencies);
        // In most plans no task and no edge is left out, and the graph is there already.
        let keeps_everything =
            selection.chosen == tasks.len() && self.presets.iter().all(Option::is_none);
        let graph = if keeps_everything { whole } else { self.kept_graph(&whole, &roles) };
        Kept { roles, graph, selection }
    }

    fn accepts(&self, task: &Task) -> bool {
        !self.filters.iter().any(|filter| (filter.rejects)(task))
    }

    /// Whether a filter keeps the task out of the run, also as a dependency.
    fn excludes(&self, task: &Task) -> bool {
        self.filters.iter().any(|filter| filter.excludes && (filter.rejects)(task))
    }

    /// Whether the task's outcome is open, so that it needs its dependencies.
    fn runs(&self, task: TaskId) -> bool {
        self.presets[task.index()].is_none()
    }

    /// Gives a role to neighbours of tasks that have one and run, as far as they are wanted.
    fn pull_in<'g>(
        &self,
        roles: &mut [Option<Role>],
        neighbours: impl Fn(TaskId) -> &'g [TaskId],
        is_wanted: impl Fn(TaskId) -> bool,
    ) {
        let inside = (0..roles.len()).filter(|index| roles[*index].is_some());
        let mut open: Vec<TaskId> = inside.map(TaskId::from).collect();
        while let Some(task) = open.pop() {
            if !self.runs(task) {
                continue;
            }
            for &next in neighbours(task) {
                if roles[next.index()].is_none() && is_wanted(next) {
                    roles[next.index()] = Some(Role::Dependency);
                    open.push(next);
                }
            }
        }
    }

    /// The tasks that a filter keeps out of the run, also as dependencies. A mock wins over the filter.
    fn excluded(&self, tasks: &[Task], roles: &[Option<Role>]) -> HashSet<TaskId> {
        if !self.filters.iter().any(|filter| filter.excludes) {
            return HashSet::new();
        }
        let is_excluded = |index: &usize| {
            let is_out = roles[*index].is_none() && !is_mocked(&self.presets[*index]);
            is_out && self.excludes(&tasks[*index])
        };
        (0..tasks.len()).filter(is_excluded).map(TaskId::from).collect()
    }

    /// Decides that tasks are skipped which need an excluded task, directly or not.
    fn skip_dependents(&mut self, excluded: &HashSet<TaskId>, tasks: &[Task], whole: &Graph) {
        let mut needed: Vec<Option<TaskId>> = vec![None; tasks.len()];
        for task in whole.order() {
            if excluded.contains(&task) {
                needed[task.index()] = Some(task);
            } else if self.runs(task) && !tasks[task.index()].options().always {
                let dependencies = whole.dependencies(task).iter();
                needed[task.index()] = dependencies.filter_map(|task| needed[task.index()]).min();
            }
        }
        for (index, needed) in needed.into_iter().enumerate() {
            if let Some(needed) = needed.filter(|needed| needed.index() != index) {
                let name = tasks[needed.index()].name.clone();
                self.presets[index] = Some(Box::new(Preset::NeedsExcluded(name)));
            }
        }
    }

    fn summary(
        &self,
        draft: &Draft,
        whole: &Graph,
        roles: &[Option<Role>],
        with_dependencies: bool,
    ) -> SelectionSummary {
        let count = |is_counted: fn(Option<Role>, &Option<Box<Preset>>) -> bool| {
            let tasks = roles.iter().zip(&self.presets);
            tasks.filter(|(role, preset)| is_counted(**role, preset)).count()
        };
        let dependencies_left = || {
            let dependencies = self.only.iter().flat_map(|only| whole.dependencies((*only).into()));
            let left =
                |index: &usize| !is_mocked(&self.presets[*index]) && !self.only.contains(index);
            dependencies.map(|task| task.index()).filter(left).collect::<HashSet<_>>().len()
        };
        SelectionSummary {
            total: draft.tasks.iter().filter(|task| task.own).count(),
            chosen: count(|role, _| role == Some(Role::Chosen)),
            pulled_in: count(|role, preset| role == Some(Role::Dependency) && !is_mocked(preset)),
            mocked: count(|_, preset| is_mocked(preset)),
            skipped: count(|role, preset| role.is_some() && is_skipped(preset)),
            filter: self.describe(draft),
            dependencies_left: (!self.only.is_empty() && !with_dependencies)
                .then(dependencies_left),
            left_out: count(|role, _| role.is_none()),
        }
    }

    fn describe(&self, draft: &Draft) -> Option<String> {
        // Only exclusions hold for tasks that were named with their target.
        let holds = |filter: &&Filter| self.only.is_empty() || filter.excludes;
        let describe = |filters: &[Filter]| {
            let filters = filters.iter().filter(holds);
            filters.filter_map(|filter| filter.description.clone()).collect::<Vec<_>>()
        };
        let texts = if self.secrets.is_empty() {
            describe(&self.filters)
        } else {
            let shown = draft.selection.mask(&|text| self.secrets.mask(text).into_owned());
            describe(&filters(&shown, &[]).0)
        };
        (!texts.is_empty()).then(|| texts.join(" & "))
    }

    /// The edges among kept tasks, also those that lead through tasks that are left out.
    fn kept_graph(&self, whole: &Graph, roles: &[Option<Role>]) -> Graph {
        let mut number = (0..).map(TaskId);
        let new_ids: Vec<_> = roles.iter().map(|role| role.and_then(|_| number.next())).collect();
        let mut rows = Rows::with_capacity(whole.len(), whole.edges());
        let mut seen_by = vec![None; whole.len()];
        let (mut row, mut open) = (Vec::new(), Vec::new());
        for task in whole.tasks().filter(|task| roles[task.index()].is_some()) {
            open.extend(self.runs(task).then_some(task));
            while let Some(from) = open.pop() {
                for &dependency in whole.dependencies(from) {
                    if seen_by[dependency.index()].replace(task) == Some(task) {
                        continue;
                    }
                    match new_ids[dependency.index()] {
                        Some(kept) => row.push(kept),
                        None => open.push(dependency),
                    }
                }
            }
            rows.push(row.drain(..));
        }
        Graph::new(rows)
    }
}

/// The outcomes that marks of `ignore` decide.
fn presets(draft: &Draft, only: &[usize]) -> Vec<Option<Box<Preset>>> {
    let Draft { selection, tasks, .. } = draft;
    let preset = |(index, task): (usize, &Task)| {
        let runs = selection.ignored != Ignored::Leave
            || only.contains(&index)
            || selection.exact && selection.filters.contains(&task.name);
        task.ignore().filter(|_| !runs).map(|why| Box::new(Preset::Ignored(why)))
    };
    tasks.iter().enumerate().map(preset).collect()
}

fn is_mocked(preset: &Option<Box<Preset>>) -> bool {
    matches!(preset.as_deref(), Some(Preset::Mocked(_)))
}

fn is_skipped(preset: &Option<Box<Preset>>) -> bool {
    matches!(preset.as_deref(), Some(Preset::NeedsExcluded(_)))
}
