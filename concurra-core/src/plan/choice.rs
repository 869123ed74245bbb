//! Which tasks are in the plan, why, and with which edges.

use std::collections::{BTreeMap, HashSet};

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
    /// The outcomes that are known before the run, by the tasks of the draft. Few tasks have one.
    pub(super) presets: BTreeMap<TaskId, Preset>,
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
        let of_secret = mocks.iter().filter(|(index, ..)| tasks[*index].options().secret);
        of_secret.for_each(|(_, _, text)| secrets.push_result(text.unwrap_or_default()));
        let mut presets = presets(draft, &only);
        for (index, name, text) in mocks {
            match mock_value(&tasks[index], &mut slots[index], text, &secrets) {
                Ok(value) => {
                    presets.insert(index.into(), Preset::Mocked(value));
                }
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
        let chooses_all =
            selection.only.is_empty() && self.filters.is_empty() && draft.own == tasks.len();
        let mut roles: Vec<_> = match chooses_all {
            true => vec![Some(Role::Chosen); tasks.len()],
            false => (0..tasks.len()).map(role).collect(),
        };
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
        for (task, _) in self.presets.iter().filter(|(_, preset)| preset.is_mocked()) {
            roles[task.index()].get_or_insert(Role::Dependency);
        }
        let selection = self.summary(draft, &whole, &roles, with_dependencies);
        // In most plans no task and no edge is left out, and the graph is there already.
        let keeps_everything = selection.chosen == tasks.len() && self.presets.is_empty();
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
        !self.presets.contains_key(&task)
    }

    fn is_mocked(&self, task: TaskId) -> bool {
        self.presets.get(&task).is_some_and(Preset::is_mocked)
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
        let is_excluded = |task: &TaskId| {
            let is_out = roles[task.index()].is_none() && !self.is_mocked(*task);
            is_out && self.excludes(&tasks[task.index()])
        };
        (0..tasks.len()).map(TaskId::from).filter(is_excluded).collect()
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
                self.presets.insert(index.into(), Preset::NeedsExcluded(name));
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
        let count = |role| roles.iter().filter(|own| **own == role).count();
        let presets = |is_counted: fn(&Preset, Option<Role>) -> bool| {
            let presets = self.presets.iter();
            presets.filter(|(task, preset)| is_counted(preset, roles[task.index()])).count()
        };
        let mocked_dependencies =
            presets(|preset, role| preset.is_mocked() && role == Some(Role::Dependency));
        let dependencies_left = || {
            let dependencies = self.only.iter().flat_map(|only| whole.dependencies((*only).into()));
            let left =
                |task: &&TaskId| !self.is_mocked(**task) && !self.only.contains(&task.index());
            dependencies.filter(left).collect::<HashSet<_>>().len()
        };
        SelectionSummary {
            total: draft.own,
            chosen: count(Some(Role::Chosen)),
            pulled_in: count(Some(Role::Dependency)) - mocked_dependencies,
            mocked: presets(|preset, _| preset.is_mocked()),
            skipped: presets(|preset, role| preset.is_skipped() && role.is_some()),
            filter: self.describe(draft),
            dependencies_left: (!self.only.is_empty() && !with_dependencies)
                .then(dependencies_left),
            left_out: count(None),
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
fn presets(draft: &Draft, only: &[usize]) -> BTreeMap<TaskId, Preset> {
    let Draft { selection, tasks, .. } = draft;
    if draft.marked == 0 || selection.ignored != Ignored::Leave {
        return BTreeMap::new();
    }
    let preset = |(index, task): (usize, &Task)| {
        let runs =
            only.contains(&index) || selection.exact && selection.filters.contains(&task.name);
        let why = task.ignore().filter(|_| !runs)?;
        Some((index.into(), Preset::Ignored(why)))
    };
    tasks.iter().enumerate().filter_map(preset).collect()
}
