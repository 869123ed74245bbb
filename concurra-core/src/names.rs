//! From names to tasks. A dependency is a path from its task's module; the command line and code name
//! a task by its whole name, or by a suffix that no other task has.

mod position;
mod quick;

use std::cell::OnceCell;
use std::collections::HashMap;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
pub use position::Home;
use position::join;
pub(crate) use position::{Position, plain};
use quick::hash;

use crate::graph::TaskId;
use crate::nearest::{SHOWN, all_near, nearest};
use crate::task::Task;

/// The tasks that a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    One(usize),
    Several(Vec<usize>),
    None,
}

/// A target of a package, as in [`TaskDef::target`](crate::TaskDef), and a task of it.
type Target = (Option<&'static str>, usize);

/// All names of a runner's tasks.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    tasks: &'a [Task],
    /// The first task of each name, found by the hash of its name. A map from names would take five
    /// times as much memory.
    whole: HashTable<TaskId>,
    /// Names that several tasks have, with all of them.
    shared: HashMap<&'a str, Vec<usize>>,
    /// Declared tasks by their paths with a crate's name in front: one for each target that has it. Made
    /// for the first path.
    declared: OnceCell<HashMap<String, Vec<Target>>>,
    home: Option<Home>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(tasks: &'a [Task], home: Option<Home>) -> Self {
        // Before the table is filled: the processor then waits for memory of both at the same time.
        let hashes: Vec<u64> = tasks.iter().map(|task| hash(&task.name)).collect();
        let mut whole: HashTable<TaskId> = HashTable::with_capacity(tasks.len());
        let mut shared: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, task) in tasks.iter().enumerate() {
            let is_same = |first: &TaskId| {
                let first = first.index();
                hashes[first] == hashes[index] && tasks[first].name == task.name
            };
            match whole.entry(hashes[index], is_same, |first| hashes[first.index()]) {
                Entry::Vacant(free) => {
                    free.insert(index.into());
                }
                Entry::Occupied(first) => {
                    let first = first.get().index();
                    shared.entry(&task.name).or_insert_with(|| vec![first]).push(index);
                }
            }
        }
        Self { tasks, whole, shared, declared: OnceCell::new(), home }
    }

    fn declared(&self) -> &HashMap<String, Vec<Target>> {
        self.declared.get_or_init(|| {
            let mut declared: HashMap<_, Vec<Target>> = HashMap::new();
            for (index, task) in self.tasks.iter().enumerate() {
                let Some(def) = task.def else { continue };
                let position = Position::new(def.module, def.target, self.home.as_ref());
                let path = join(position.krate, &position.modules, plain(def.name));
                let targets = declared.entry(path).or_default();
                if targets.iter().all(|(target, _)| *target != position.target) {
                    targets.push((position.target, index));
                }
            }
            declared
        })
    }

    /// Tasks that share a name.
    pub(crate) fn duplicates(&self) -> Vec<&[usize]> {
        let mut groups: Vec<_> = self.shared.values().map(Vec::as_slice).collect();
        groups.sort_unstable();
        groups
    }

    /// Finds the task that a name in a task's `after` stands for.
    pub(crate) fn dependency(&self, of: &Task, name: &str) -> Found {
        match of.def {
            Some(def) => {
                let position = Position::new(def.module, def.target, self.home.as_ref());
                self.path(&position, name).or_else(|| self.added(name))
            }
            None => self.whole(name).or_else(|| self.at_root(name)),
        }
    }

    /// How a task's `after` names the task of this whole name, if it can.
    pub(crate) fn written_in(&self, of: &Task, name: &str) -> Option<String> {
        let is_found = |written: &String| match self.dependency(of, written) {
            Found::One(index) => self.tasks[index].name == name,
            _ => false,
        };
        // From within a module, a name outside may be hidden by one of the module.
        [name.to_owned(), format!("crate::{name}")].into_iter().find(is_found)
    }

    /// Finds a task that was added by hand: it has no module, so its whole name is its path.
    fn added(&self, name: &str) -> Found {
        let added = self.first(name).filter(|index| self.tasks[*index].def.is_none());
        added.map_or(Found::None, Found::One)
    }

    /// Finds a task by its whole name.
    fn whole(&self, name: &str) -> Found {
        let Some(found) = self.first(name) else { return Found::None };
        self.shared.get(name).map_or(Found::One(found), |all| Found::of(all.clone()))
    }

    /// The first task of this whole name.
    fn first(&self, name: &str) -> Option<usize> {
        let is_named = |task: &TaskId| self.tasks[task.index()].name == name;
        self.whole.find(hash(name), is_named).map(|task| task.index())
    }

    /// Finds a declared task as the root of the home crate does.
    fn at_root(&self, name: &str) -> Found {
        match self.home.as_ref().filter(|_| !self.declared().is_empty()) {
            Some(home) => self.path(&Position::new(home.krate, home.target, None), name),
            None => Found::None,
        }
    }

    /// Finds a path: from a module outward, then with a crate's name in front.
    fn path(&self, from: &Position, name: &str) -> Found {
        let name = name.split("::").map(plain).collect::<Vec<_>>().join("::");
        let own = |modules: &[&str], name: &str| {
            let targets = self.declared().get(&join(from.krate, modules, name))?;
            targets.iter().find(|(target, _)| *target == from.target).map(|(_, task)| *task)
        };
        let found = match anchored(&from.modules, &name) {
            Some((modules, rest)) => own(modules, rest),
            None => {
                (0..=from.modules.len()).rev().find_map(|depth| own(&from.modules[..depth], &name))
            }
        };
        found.map_or_else(|| self.other_crate(&name), Found::One)
    }

    fn other_crate(&self, name: &str) -> Found {
        let targets = self.declared().get(name).map_or(&[][..], Vec::as_slice);
        // As in Rust, a name that a library shares with a binary means the library.
        match targets.iter().find(|(target, _)| target.is_none()) {
            Some((_, found)) => Found::One(*found),
            None => Found::of(targets.iter().map(|(_, task)| *task).collect()),
        }
    }

    /// Finds a task by its whole name or by a suffix that only one task has.
    pub(crate) fn task(&self, name: &str) -> Found {
        let ends = |index: &usize| is_suffix(&self.tasks[*index].name, name);
        self.whole(name).or_else(|| Found::of((0..self.tasks.len()).filter(ends).collect()))
    }

    /// Finds a task in a module: by its whole name there, else by a suffix that only one task has.
    pub(crate) fn inside(&self, module: &str, name: &str) -> Option<usize> {
        let inside = self.tasks.iter().enumerate().filter_map(|(index, task)| {
            let rest = task.name.strip_prefix(module)?.strip_prefix("::")?;
            is_suffix(rest, name).then_some((index, rest))
        });
        let inside = inside.collect::<Vec<_>>();
        let whole = inside.iter().find(|(_, rest)| *rest == name);
        whole.or(if let [only] = &inside[..] { Some(only) } else { None }).map(|(index, _)| *index)
    }

    /// Names of tasks that resemble a name that no task has; one more than a message shows, as the
    /// task itself may be among them.
    pub(crate) fn near(&self, name: &str) -> Vec<String> {
        let names = || self.tasks.iter().map(|task| task.name.as_str());
        let mut near = all_near(name, names());
        // A name without a path was compared with last segments already.
        if let (true, Some((_, last))) = (near.is_empty(), name.rsplit_once("::")) {
            let known = nearest(last, names().map(last_segment));
            let same = names().filter(|name| known.contains(&last_segment(name)));
            near = same.take(SHOWN + 1).collect();
        }
        near.into_iter().take(SHOWN + 1).map(ToOwned::to_owned).collect()
    }

    /// The library that an unknown name may belong to, unless its first segment is that of a known
    /// module or crate, or `near` has a path as long.
    pub(crate) fn library(&self, name: &str, near: &[String]) -> Option<String> {
        self.home?;
        let (first, _) = name.split_once("::")?;
        let first = plain(first).replace('-', "_");
        let is_anchor = matches!(&*first, "" | "crate" | "self" | "super");
        let length = name.split("::").count();
        let is_slip = near.iter().any(|near| near.split("::").count() >= length);
        let has_segment = |task: &Task| task.name.split("::").any(|segment| segment == first);
        let is_library = !is_anchor && !is_slip && !self.tasks.iter().any(has_segment);
        let is_identifier = first.chars().all(|c| c.is_alphanumeric() || c == '_');
        (is_library && is_identifier).then_some(first)
    }

    pub(crate) fn names_of(&self, tasks: &[usize]) -> Vec<String> {
        tasks.iter().map(|index| self.tasks[*index].name.clone()).collect()
    }
}

impl Found {
    fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self == Self::None { other() } else { self }
    }

    fn of(found: Vec<usize>) -> Self {
        match found.as_slice() {
            [] => Self::None,
            [one] => Self::One(*one),
            _ => Self::Several(found),
        }
    }
}

pub(crate) fn last_segment(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// Whether a name ends with these segments.
pub(crate) fn is_suffix(name: &str, suffix: &str) -> bool {
    name.strip_suffix(suffix).is_some_and(|front| front.is_empty() || front.ends_with("::"))
}

/// Resolves `crate::`, `self::` and `super::`; `None` when the path begins with none of them.
fn anchored<'p>(
    modules: &'p [&'static str],
    path: &'p str,
) -> Option<(&'p [&'static str], &'p str)> {
    if let Some(rest) = path.strip_prefix("crate::") {
        return Some((&[], rest));
    }
    let mut rest = path.strip_prefix("self::").unwrap_or(path);
    let mut depth = modules.len();
    while let (Some(shorter), Some(outer)) = (rest.strip_prefix("super::"), depth.checked_sub(1)) {
        rest = shorter;
        depth = outer;
    }
    (rest.len() != path.len()).then_some((&modules[..depth], rest))
}

#[cfg(test)]
mod tests;
