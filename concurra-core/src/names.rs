//! How names are found: a dependency like a path, everything else by its whole name or by a
//! suffix that only one task has.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::graph::TaskId;
use crate::nearest::nearest;
use crate::registry::TaskDef;
use crate::task::{Origin, Task};

/// The crate whose tasks a runner is about: their names are without the crate's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The crate's name, as `module_path!()` gives it at its root.
    pub krate: &'static str,
    /// Which target of its package; see [`TaskDef::target`].
    pub target: Option<&'static str>,
    /// A module that is no part of names, for a file that was wrapped into a package.
    pub hidden: Option<&'static str>,
}

/// Where a declared item stands: its crate and the path within.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) krate: String,
    pub(crate) target: Option<&'static str>,
    /// Modules within the crate, hidden ones left out.
    pub(crate) modules: Vec<String>,
}

impl Position {
    pub(crate) fn new(
        module: &'static str,
        target: Option<&'static str>,
        home: Option<&Home>,
    ) -> Self {
        let mut segments = module.split("::").map(plain);
        let krate = segments.next().unwrap_or_default().to_owned();
        let mut modules: Vec<String> = segments.map(ToOwned::to_owned).collect();
        let mut position = Self { krate, target, modules: Vec::new() };
        let hidden = home.filter(|home| position.is_in(home)).and_then(|home| home.hidden);
        if hidden.is_some() && modules.first().map(String::as_str) == hidden {
            modules.remove(0);
        }
        position.modules = modules;
        position
    }

    pub(crate) fn is_in(&self, home: &Home) -> bool {
        self.krate == plain(home.krate) && self.target == home.target
    }

    /// The name of an item here, as the home crate sees it.
    pub(crate) fn name(&self, item: &str, home: Option<&Home>) -> String {
        let inside = home.is_some_and(|home| self.is_in(home));
        let krate = (!inside).then_some(self.krate.as_str());
        let modules = self.modules.iter().map(String::as_str);
        krate.into_iter().chain(modules).chain([plain(item)]).collect::<Vec<_>>().join("::")
    }
}

/// An identifier without the mark of a raw one.
pub(crate) fn plain(identifier: &str) -> &str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

/// What a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    One(usize),
    Several(Vec<usize>),
    None,
}

/// All names of a runner's tasks.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    tasks: &'a [Task],
    whole: HashMap<&'a str, TaskId, BuildHasherDefault<Quick>>,
    /// Names that several tasks have, with all of them.
    shared: HashMap<&'a str, Vec<usize>>,
    declared: HashMap<(String, Option<&'static str>, String), usize>,
    home: Option<Home>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(tasks: &'a [Task], home: Option<Home>) -> Self {
        let mut whole: HashMap<&str, TaskId, _> =
            HashMap::with_capacity_and_hasher(tasks.len(), BuildHasherDefault::default());
        let mut shared: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut declared = HashMap::new();
        for (index, task) in tasks.iter().enumerate() {
            let first = whole.entry(&task.name).or_insert(index.into()).index();
            if first != index {
                shared.entry(&task.name).or_insert_with(|| vec![first]).push(index);
            }
            if let Some(def) = task.def() {
                let position = Position::new(def.module, def.target, home.as_ref());
                let path = join(&position.modules, plain(def.name));
                declared.entry((position.krate, position.target, path)).or_insert(index);
            }
        }
        Self { tasks, whole, shared, declared, home }
    }

    /// Tasks that share a name.
    pub(crate) fn duplicates(&self) -> Vec<&[usize]> {
        let mut groups: Vec<_> = self.shared.values().map(Vec::as_slice).collect();
        groups.sort_unstable();
        groups
    }

    /// Finds what a task's `after` means.
    pub(crate) fn dependency(&self, of: &Task, name: &str) -> Found {
        match of.origin {
            // What was added by hand has no module, so it is found by its whole name alone.
            Origin::Declared(def) => match self.path(def, name) {
                Found::None => self.added(name),
                found => found,
            },
            Origin::Added => self.task(name),
        }
    }

    /// Finds a task that was added by hand.
    fn added(&self, name: &str) -> Found {
        let found = self.whole.get(name).map(|task| task.index());
        let added = found.filter(|index| self.tasks[*index].def().is_none());
        added.map_or(Found::None, Found::One)
    }

    /// Finds a path: from the task's own module outward, then with a crate's name in front.
    fn path(&self, from: &TaskDef, name: &str) -> Found {
        let position = Position::new(from.module, from.target, self.home.as_ref());
        let name = name.split("::").map(plain).collect::<Vec<_>>().join("::");
        let own = |modules: &[String], name: &str| {
            let path = join(modules, name);
            self.declared.get(&(position.krate.clone(), position.target, path)).copied()
        };
        let found = match anchored(&position.modules, &name) {
            Some((modules, rest)) => own(modules, rest),
            None => (0..=position.modules.len())
                .rev()
                .find_map(|depth| own(&position.modules[..depth], &name)),
        };
        found.map_or_else(|| self.other_crate(&name), Found::One)
    }

    fn other_crate(&self, name: &str) -> Found {
        let Some((krate, rest)) = name.split_once("::") else { return Found::None };
        // As in Rust, a name that a library shares with a binary means the library.
        let library = (krate.to_owned(), None, rest.to_owned());
        if let Some(found) = self.declared.get(&library) {
            return Found::One(*found);
        }
        let mut found: Vec<usize> = self
            .declared
            .iter()
            .filter(|((own, _, path), _)| own == krate && path == rest)
            .map(|(_, index)| *index)
            .collect();
        found.sort_unstable();
        Found::of(found)
    }

    /// Finds a task by its whole name or by a suffix that only one task has.
    pub(crate) fn task(&self, name: &str) -> Found {
        if let Some(found) = self.whole.get(name) {
            let shared = if self.shared.is_empty() { None } else { self.shared.get(name) };
            return shared.map_or(Found::One(found.index()), |all| Found::of(all.clone()));
        }
        let ends = |task: &Task| is_suffix(&task.name, name);
        Found::of((0..self.tasks.len()).filter(|index| ends(&self.tasks[*index])).collect())
    }

    /// Names that are close to one that was not found.
    pub(crate) fn nearest(&self, name: &str) -> Vec<String> {
        let last = |name: &'a str| name.rsplit("::").next().unwrap_or(name);
        let names = self.tasks.iter().map(|task| task.name.as_str());
        let mut found = nearest(name, names.clone());
        if found.is_empty() {
            let wanted = name.rsplit("::").next().unwrap_or(name);
            let close = nearest(wanted, names.clone().map(last));
            found = names.filter(|name| close.contains(&last(name))).take(3).collect();
        }
        found.into_iter().map(ToOwned::to_owned).collect()
    }

    pub(crate) fn names_of(&self, tasks: &[usize]) -> Vec<String> {
        tasks.iter().map(|index| self.tasks[*index].name.clone()).collect()
    }
}

impl Found {
    fn of(found: Vec<usize>) -> Self {
        match found.as_slice() {
            [] => Self::None,
            [one] => Self::One(*one),
            _ => Self::Several(found),
        }
    }
}

/// Whether a name ends with the given segments.
pub(crate) fn is_suffix(name: &str, suffix: &str) -> bool {
    name.strip_suffix(suffix).is_some_and(|front| front.is_empty() || front.ends_with("::"))
}

/// Resolves `crate::`, `self::` and `super::`; `None` when the path begins with none of them.
fn anchored<'p>(modules: &'p [String], path: &'p str) -> Option<(&'p [String], &'p str)> {
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

fn join(modules: &[String], item: &str) -> String {
    modules.iter().map(String::as_str).chain([item]).collect::<Vec<_>>().join("::")
}

/// Hashes names a word at a time: they are the program's own, and nobody makes them collide.
#[derive(Default)]
struct Quick(u64);

/// The golden ratio, which spreads bits well.
const FACTOR: u128 = 0x9e37_79b9_7f4a_7c15;

impl Quick {
    fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * FACTOR;
        // Both halves count, as the upper one alone forgets the lower bits.
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.add(u64::from_le_bytes(*word)));
        let tail =
            rest.iter().fold(bytes.len() as u64, |tail, byte| (tail << 8) | u64::from(*byte));
        self.add(tail);
    }

    /// The end of a string adds nothing to its length.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests;
