//! From a draft to a plan: checks everything and keeps the selected tasks.

use std::collections::{HashMap, HashSet};
use std::mem;
use std::sync::OnceLock;

use super::Plan;
use super::catalog::crates;
use super::choice::{Choice, Findings, Kept, Role};
use super::draft::{Draft, Hook, site};
use super::suggestions::{Suggestions, different};
use crate::graph::{Graph, Rows, TaskId};
use crate::names::{Found, Names};
use crate::problem::{PlanError, Problem};
use crate::settings::{Layers, Settings};
use crate::task::{Attributes, Options, Slot, Task};

impl Draft {
    /// Checks everything and keeps the selected tasks.
    pub(crate) fn plan(mut self, layers: &Layers) -> Result<Plan, PlanError> {
        let problems = mem::take(&mut self.problems);
        let mut findings = Findings { problems, ..Findings::default() };
        let problems = &mut findings.problems;
        if self.home.is_some() && self.own == 0 && problems.is_empty() {
            problems.push(Problem::NoTasks { others: crates(&self.tasks, self.home.as_ref()) });
        }
        let names = Names::new(&self.tasks, self.home);
        let mut suggestions = Suggestions::new(&names);
        let whole = whole_graph(&self.tasks, &names, &mut suggestions, problems);
        let mut slots = mem::take(&mut self.slots);
        let mut choice = Choice::read(&self, &mut slots, &mut suggestions, &mut findings);
        let run_dependents = Settings::is_set(layers.merged().run_dependents);
        let kept = choice.keep(&self, whole, run_dependents);
        let Findings { problems, absent, harmless } = findings;
        let [problems, absent, harmless] =
            [problems, absent, harmless].map(|list| self.mask(list, &choice));
        if problems.is_empty() {
            Ok(Plan { absent, harmless, ..self.assemble(slots, kept, choice, layers) })
        } else {
            Err(PlanError::new(problems, absent))
        }
    }

    /// The problems with secrets masked. Names in the source are not secret.
    fn mask(&self, problems: Vec<Problem>, choice: &Choice) -> Vec<Problem> {
        if problems.is_empty() || choice.secrets.is_empty() {
            return problems;
        }
        let declared = || self.tasks.iter().filter(|task| task.def.is_some());
        let names = declared().map(|task| task.name.as_str());
        let others = declared().flat_map(|task| task.after.iter().chain(&task.tags));
        let source: HashSet<&str> = names.chain(others.map(AsRef::as_ref)).collect();
        let mask = |text: &str| match source.get(text) {
            Some(text) => (*text).to_owned(),
            None => choice.secrets.mask(text).into_owned(),
        };
        problems.into_iter().map(|problem| problem.mask(&mask)).collect()
    }

    /// Puts the kept tasks into a plan. They stay where they are, as plans of a million tasks are large.
    fn assemble(self, mut slots: Vec<Slot>, kept: Kept, choice: Choice, layers: &Layers) -> Plan {
        let Self { mut tasks, setups, teardowns, has_options, .. } = self;
        let Kept { roles, graph, selection } = kept;
        let plain = Options::default().attributes(layers, None);
        let keeps_all = selection.chosen == tasks.len() && choice.presets.is_empty();
        let is_plain = !has_options && plain == Attributes::default();
        for (task, preset) in choice.presets {
            tasks[task.index()].preset = Some(Box::new(preset));
        }
        let left_out = leave_out(&mut tasks, &mut slots, &roles);
        let (mut groups, mut presets, mut has_alone) = (HashMap::new(), Vec::new(), false);
        // Nothing changes in most large plans: every task is chosen and plain.
        let changed = if keeps_all && is_plain { 0 } else { tasks.len() };
        let changed =
            tasks.iter_mut().zip(&mut slots).zip(roles.into_iter().flatten()).take(changed);
        for (index, ((task, slot), role)) in changed.enumerate() {
            if task.preset.is_some() {
                presets.push(index.into());
            }
            task.dependency = role == Role::Dependency;
            let attributes = task.options.as_deref().map_or(plain, |options| {
                let serial = options.serial.as_deref().map(|name| number(&mut groups, name));
                has_alone |= options.alone;
                options.attributes(layers, serial)
            });
            slot.set_attributes(attributes);
            if task.runs_always() {
                slot.set_always();
            }
        }
        Plan {
            tasks,
            slots,
            presets,
            has_alone,
            graph,
            secrets: choice.secrets,
            setups: limited(setups, layers),
            teardowns: limited(teardowns, layers),
            left_out,
            selection,
            absent: Vec::new(),
            harmless: Vec::new(),
            by_last_segment: OnceLock::new(),
        }
    }
}

/// Removes the tasks without a role, and returns their names.
fn leave_out(tasks: &mut Vec<Task>, slots: &mut Vec<Slot>, roles: &[Option<Role>]) -> Vec<String> {
    let mut left_out = Vec::new();
    if roles.contains(&None) {
        let mut keeps = roles.iter().map(Option::is_some);
        slots.retain(|_| keeps.next().unwrap_or_default());
        let mut keeps = roles.iter().map(Option::is_some);
        tasks.retain_mut(|task| {
            let keeps = keeps.next().unwrap_or_default();
            if !keeps {
                left_out.push(mem::take(&mut task.name));
            }
            keeps
        });
    }
    left_out
}

/// The hooks with the time limits in force.
fn limited(mut hooks: Vec<Hook>, layers: &Layers) -> Vec<Hook> {
    for hook in &mut hooks {
        let timeout = layers.pick(hook.timeout, |settings| settings.timeout);
        hook.timeout = timeout.filter(|limit| !limit.is_zero());
    }
    hooks
}

/// The number of a group of tasks that exclude each other.
fn number(groups: &mut HashMap<String, u32>, name: &str) -> u32 {
    let next = u32::try_from(groups.len()).expect("fewer groups than tasks");
    *groups.entry(name.to_owned()).or_insert(next)
}

/// The graph of all tasks, also of those that are not selected.
fn whole_graph(
    tasks: &[Task],
    names: &Names<'_>,
    suggestions: &mut Suggestions<'_>,
    problems: &mut Vec<Problem>,
) -> Graph {
    for group in names.duplicates() {
        let sites = group.iter().map(|index| site(&tasks[*index])).collect();
        problems.push(Problem::Duplicate { name: tasks[group[0]].name.clone(), sites });
    }
    let mut rows = Rows::with_capacity(tasks.len(), 0);
    let mut row = Vec::new();
    for task in tasks {
        for dependency in &task.after {
            match names.dependency(task, dependency) {
                Found::One(index) => row.push(TaskId::from(index)),
                Found::Several(found) => {
                    problems.extend(different(names, &found).map(|candidates| {
                        let (task, dependency) = (site(task), dependency.to_string());
                        Problem::AmbiguousDependency { task, dependency, candidates }
                    }));
                }
                Found::None => problems.push(Problem::UnknownDependency {
                    task: site(task),
                    dependency: dependency.to_string(),
                    library: suggestions.library(dependency),
                    nearest: suggestions.dependencies(task, dependency),
                }),
            }
        }
        rows.push(row.drain(..));
    }
    let graph = Graph::new(rows);
    for path in graph.cycles() {
        let path = path.into_iter().map(|task| site(&tasks[task.index()])).collect();
        problems.push(Problem::Cycle { path });
    }
    graph
}
