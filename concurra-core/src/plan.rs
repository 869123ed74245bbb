//! The plan: the selected tasks and their edges, checked whole before anything runs.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::catalog::Hook;
use crate::graph::{Graph, Rows, TaskId};
use crate::names::{Found, Home, Names, is_suffix};
use crate::problem::{PlanError, Problem, Site};
use crate::registry::Place;
use crate::selection::{Filter, Ignored, Selection, filters};
use crate::task::Task;
use crate::value::Value;

/// Checked tasks and edges, ready to run.
#[derive(Debug)]
pub struct Plan {
    pub(crate) tasks: Vec<PlannedTask>,
    pub(crate) graph: Graph,
    pub(crate) setups: Vec<Hook>,
    pub(crate) teardowns: Vec<Hook>,
    pub(crate) left_out: Vec<String>,
    pub(crate) head: Head,
    absent: Vec<Problem>,
    /// Made when the first name is looked up; most runs look up none.
    by_last_segment: OnceLock<HashMap<String, Vec<TaskId>>>,
}

/// How a selection was read, for the head of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Tasks that could have been chosen.
    pub total: usize,
    /// Tasks that were chosen.
    pub chosen: usize,
    /// Tasks pulled in as dependencies, without those whose results were given.
    pub pulled_in: usize,
    /// Tasks whose results were given.
    pub mocked: usize,
    /// The filters as they were read.
    pub filter: Option<String>,
    /// Dependencies of the one task named that are not run.
    pub dependencies_left: Option<usize>,
}

/// What is known of a task before it runs.
#[derive(Debug)]
pub struct PlannedTask {
    pub(crate) task: Task,
    pub(crate) dependency: bool,
    pub(crate) preset: Preset,
}

/// What decides a task's outcome beforehand.
#[derive(Debug)]
pub(crate) enum Preset {
    None,
    Mocked(Option<Value>),
    Ignored(&'static str),
}

impl PlannedTask {
    /// The task's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.task.name
    }

    /// The task's tags.
    pub fn tags(&self) -> impl ExactSizeIterator<Item = &str> {
        self.task.tags.iter().map(AsRef::as_ref)
    }

    /// Where it is declared; `None` for one added by hand.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.task.place()
    }

    /// Whether it is in the plan only because a chosen task needs it.
    #[must_use]
    pub const fn is_dependency(&self) -> bool {
        self.dependency
    }

    /// Why the task is ignored, when it is not run for that.
    #[must_use]
    pub const fn ignored(&self) -> Option<&'static str> {
        match self.preset {
            Preset::Ignored(why) => Some(why),
            _ => None,
        }
    }

    /// Whether its result was given from outside.
    #[must_use]
    pub const fn is_mocked(&self) -> bool {
        matches!(self.preset, Preset::Mocked(_))
    }
}

impl Plan {
    /// The tasks in source order.
    #[must_use]
    pub fn tasks(&self) -> &[PlannedTask] {
        &self.tasks
    }

    /// The edges among the tasks.
    #[must_use]
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// A task by its index.
    #[must_use]
    pub fn task(&self, id: TaskId) -> &PlannedTask {
        &self.tasks[id.index()]
    }

    /// What a tolerant selection names and this binary does not have.
    #[must_use]
    pub fn absent(&self) -> &[Problem] {
        &self.absent
    }

    /// How the selection was read.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Names of the setups, in the order in which they run.
    pub fn setups(&self) -> impl Iterator<Item = &str> {
        self.setups.iter().map(|hook| hook.name.as_str())
    }

    /// Names of the teardowns, in the order in which they run.
    pub fn teardowns(&self) -> impl Iterator<Item = &str> {
        self.teardowns.iter().map(|hook| hook.name.as_str())
    }

    /// Names of the registered tasks that are not in the plan.
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The tasks that a name or a suffix of one leads to.
    pub(crate) fn find(&self, name: &str) -> Vec<TaskId> {
        let index = self.by_last_segment.get_or_init(|| self.index());
        let Some(candidates) = index.get(last_segment(name)) else { return Vec::new() };
        let named = |task: &&TaskId| self.task(**task).name() == name;
        match candidates.iter().find(named) {
            Some(whole) => vec![*whole],
            None => {
                let ends = |task: &&TaskId| is_suffix(self.task(**task).name(), name);
                candidates.iter().filter(ends).copied().collect()
            }
        }
    }

    fn index(&self) -> HashMap<String, Vec<TaskId>> {
        let mut index: HashMap<String, Vec<TaskId>> = HashMap::with_capacity(self.tasks.len());
        for (number, planned) in self.tasks.iter().enumerate() {
            index.entry(last_segment(planned.name()).to_owned()).or_default().push(number.into());
        }
        index
    }
}

fn last_segment(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// What a plan is made of.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) tasks: Vec<Task>,
    /// For each task whether it runs without being asked for.
    pub(crate) own: Vec<bool>,
    pub(crate) home: Option<Home>,
    pub(crate) setups: Vec<Hook>,
    pub(crate) teardowns: Vec<Hook>,
    pub(crate) selection: Selection,
    /// Results given from outside; no text stands for a result of `()`.
    pub(crate) mocks: Vec<(String, Option<String>)>,
    pub(crate) problems: Vec<Problem>,
}

impl Draft {
    /// Checks everything and keeps what was selected.
    pub(crate) fn plan(mut self) -> Result<Plan, PlanError> {
        let mut problems = std::mem::take(&mut self.problems);
        if self.tasks.is_empty() && problems.is_empty() {
            problems.push(Problem::NoTasks { others: Vec::new() });
        }
        let names = Names::new(&self.tasks, self.home);
        let whole = whole_graph(&self.tasks, &names, &mut problems);
        let wanted = Wanted::read(&self, &names, &mut problems);
        let kept = wanted.keep(&self, &whole, &mut problems);
        let tolerant = self.selection.tolerant;
        let (absent, problems): (Vec<_>, Vec<_>) =
            problems.into_iter().partition(|problem| tolerant && problem.may_be_elsewhere());
        if !problems.is_empty() {
            return Err(PlanError::new(problems));
        }
        Ok(self.assemble(kept, wanted, absent))
    }

    fn assemble(self, kept: Kept, wanted: Wanted, absent: Vec<Problem>) -> Plan {
        let Self { tasks, setups, teardowns, selection, .. } = self;
        let Kept { inside, graph, head } = kept;
        let Wanted { only, mut mocks, .. } = wanted;
        let mut planned = Vec::with_capacity(graph.len());
        let mut left_out = Vec::new();
        for (index, task) in tasks.into_iter().enumerate() {
            let Some(role) = inside[index] else {
                left_out.push(task.name);
                continue;
            };
            let preset = match (mocks.remove(&index), task.ignore()) {
                (Some(value), _) => Preset::Mocked(value),
                (None, Some(why)) if !runs_ignored(&selection, &task, only == Some(index)) => {
                    Preset::Ignored(why)
                }
                _ => Preset::None,
            };
            planned.push(PlannedTask { task, dependency: role == Role::Dependency, preset });
        }
        let by_last_segment = OnceLock::new();
        Plan { tasks: planned, graph, setups, teardowns, left_out, head, absent, by_last_segment }
    }
}

/// The graph over all tasks, unselected ones too.
fn whole_graph(tasks: &[Task], names: &Names<'_>, problems: &mut Vec<Problem>) -> Graph {
    for group in names.duplicates() {
        let sites = group.iter().map(|index| site(&tasks[*index])).collect();
        problems.push(Problem::Duplicate { name: tasks[group[0]].name.clone(), sites });
    }
    let edges = tasks.iter().map(|task| task.after.len()).sum();
    let mut rows = Rows::with_capacity(tasks.len(), edges);
    let mut row = Vec::new();
    for task in tasks {
        row.clear();
        for dependency in &task.after {
            match names.dependency(task, dependency) {
                Found::One(index) => row.push(TaskId::from(index)),
                Found::Several(found) => problems.push(Problem::AmbiguousDependency {
                    task: site(task),
                    dependency: dependency.to_string(),
                    candidates: names.names_of(&found),
                }),
                Found::None => problems.push(Problem::UnknownDependency {
                    task: site(task),
                    dependency: dependency.to_string(),
                    nearest: names.nearest(dependency),
                }),
            }
        }
        rows.push(row.iter().copied());
    }
    let graph = Graph::new(rows);
    for path in graph.cycles() {
        let path = path.into_iter().map(|task| site(&tasks[task.index()])).collect();
        problems.push(Problem::Cycle { path });
    }
    graph
}

fn site(task: &Task) -> Site {
    Site { name: task.name.clone(), place: task.place() }
}

/// Whether a task runs although it is marked `ignore`; `only` when it is the one that was named.
fn runs_ignored(selection: &Selection, task: &Task, only: bool) -> bool {
    let exactly = selection.exact && selection.filters.contains(&task.name);
    selection.ignored != Ignored::Leave || only || exactly
}

/// Why a task is in the plan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Chosen,
    Dependency,
}

/// What the user asked for, with names resolved.
struct Wanted {
    filters: Vec<Box<dyn Filter>>,
    only: Option<usize>,
    mocks: HashMap<usize, Option<Value>>,
}

impl Wanted {
    fn read(draft: &Draft, names: &Names<'_>, problems: &mut Vec<Problem>) -> Self {
        let (filters, wrong) = filters(&draft.selection, &draft.tasks);
        problems.extend(wrong);
        let mut resolve = |name: &str, wanted: &dyn Fn() -> String| match names.task(name) {
            Found::One(index) => Some(index),
            Found::Several(found) => {
                let candidates = names.names_of(&found);
                let (wanted, name) = (wanted(), name.to_owned());
                problems.push(Problem::AmbiguousTask { wanted, name, candidates });
                None
            }
            Found::None => {
                let nearest = names.nearest(name);
                let (wanted, name) = (wanted(), name.to_owned());
                problems.push(Problem::UnknownTask { wanted, name, nearest });
                None
            }
        };
        let only = draft.selection.only.as_deref();
        let only = only.and_then(|name| resolve(name, &|| "the target".to_owned()));
        let found: Vec<_> = draft
            .mocks
            .iter()
            .filter_map(|(name, text)| {
                let index = resolve(name, &|| format!("--result-{name}"))?;
                Some((index, name, text.as_deref()))
            })
            .collect();
        let mut mocks = HashMap::new();
        for (index, name, text) in found {
            match mock(&draft.tasks[index], text) {
                Ok(value) => drop(mocks.insert(index, value)),
                Err(why) => problems.push(Problem::BadMock { name: name.clone(), why }),
            }
        }
        Self { filters, only, mocks }
    }

    /// Chooses tasks and pulls in what they need.
    fn keep(&self, draft: &Draft, whole: &Graph, problems: &mut Vec<Problem>) -> Kept {
        let tasks = &draft.tasks;
        let mut inside: Vec<Option<Role>> = vec![None; tasks.len()];
        let mut chosen = Vec::new();
        for index in 0..tasks.len() {
            let by_filter = || {
                draft.own[index]
                    && self.filters.iter().all(|filter| filter.reject(&tasks[index]).is_none())
            };
            if self.only.map_or_else(by_filter, |only| only == index) {
                inside[index] = Some(Role::Chosen);
                chosen.push(index);
            }
        }
        let with_deps = draft.selection.deps.unwrap_or(draft.selection.only.is_none());
        if with_deps {
            self.pull_in(draft, whole, &mut inside, problems);
        }
        // A body may read a result that was given, also where the plan has no edge to it.
        for mocked in self.mocks.keys() {
            inside[*mocked].get_or_insert(Role::Dependency);
        }
        let rows = if with_deps {
            self.direct_rows(draft, whole, &inside)
        } else {
            self.bridged_rows(draft, whole, &inside)
        };
        let given = |task: usize| self.mocks.contains_key(&task);
        let pulled_in = (0..tasks.len())
            .filter(|task| inside[*task] == Some(Role::Dependency) && !given(*task))
            .count();
        let left = |only: usize| {
            whole.dependencies(only.into()).iter().filter(|task| !given(task.index())).count()
        };
        let head = Head {
            total: draft.own.iter().filter(|own| **own).count(),
            chosen: chosen.len(),
            pulled_in,
            mocked: self.mocks.len(),
            filter: self.describe(),
            dependencies_left: self.only.filter(|_| !with_deps).map(left),
        };
        Kept { inside, graph: Graph::new(rows), head }
    }

    fn describe(&self) -> Option<String> {
        let texts: Vec<String> =
            self.filters.iter().filter_map(|filter| filter.describe()).collect();
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

    fn needs_nothing(&self, draft: &Draft, task: TaskId) -> bool {
        let ignored = &draft.tasks[task.index()];
        self.mocks.contains_key(&task.index())
            || ignored.ignore().is_some()
                && !runs_ignored(&draft.selection, ignored, self.only == Some(task.index()))
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

struct Kept {
    inside: Vec<Option<Role>>,
    graph: Graph,
    head: Head,
}

/// The new index of every kept task.
fn renumber(inside: &[Option<Role>]) -> Vec<Option<TaskId>> {
    let mut next = 0..;
    let number = |role: &Option<Role>| role.and_then(|_| next.next()).map(TaskId);
    inside.iter().map(number).collect()
}

fn mock(task: &Task, text: Option<&str>) -> Result<Option<Value>, String> {
    let Some(result) = task.result_type() else {
        return Ok(text.map(|text| Value::new(text.to_owned())));
    };
    let Some(parse) = result.parse else {
        return Err(format!(
            "a {} cannot be read from text; derive serde::Deserialize or implement FromStr for it",
            result.name
        ));
    };
    parse(text.unwrap_or_default()).map_err(|why| match text {
        Some(text) => format!("`{text}` is no {}: {why}", result.name),
        None => format!("a value is missing: the task's result is a {}", result.name),
    })
}

#[cfg(test)]
pub(crate) mod tests;
