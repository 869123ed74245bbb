//! From the names that users write to tasks, with suggestions for unknown names.

use std::collections::{HashMap, HashSet};

use crate::names::{Found, Names};
use crate::nearest::SHOWN;
use crate::problem::{MOST_SHOWN, Problem};
use crate::task::Task;

/// Finds similar names of unknown ones, but only of as many as a message shows: each search looks at
/// every name.
pub(super) struct Suggestions<'n> {
    names: &'n Names<'n>,
    looked_for: HashMap<String, Vec<String>>,
}

impl<'n> Suggestions<'n> {
    pub(super) fn new(names: &'n Names<'n>) -> Self {
        Self { names, looked_for: HashMap::new() }
    }

    /// The names that are similar to an unknown dependency of a task, as that task has to write them. No
    /// task can come after itself.
    pub(super) fn dependencies(&mut self, of: &Task, name: &str) -> Vec<String> {
        let names = self.names;
        let similar = self.similar(name).filter(|near| **near != of.name);
        similar.filter_map(|near| names.written_in(of, near)).take(SHOWN).collect()
    }

    /// The library that an unknown dependency may belong to.
    pub(super) fn library(&mut self, name: &str) -> Option<String> {
        let near: Vec<String> = self.similar(name).cloned().collect();
        self.names.library(name, &near)
    }

    fn similar(&mut self, name: &str) -> impl Iterator<Item = &String> {
        if self.looked_for.len() < MOST_SHOWN && !self.looked_for.contains_key(name) {
            self.looked_for.insert(name.to_owned(), self.names.near(name));
        }
        self.looked_for.get(name).into_iter().flatten()
    }

    /// Finds a task in a module, if exactly one fits.
    pub(super) fn inside(&self, module: &str, name: &str) -> Option<usize> {
        self.names.inside(module, name)
    }

    /// Finds a task by a name that a user wrote.
    pub(super) fn resolve(
        &mut self,
        name: &str,
        wanted: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<usize> {
        let found = match self.names.task(name) {
            Found::One(index) => return Some(index),
            Found::Several(found) => found,
            Found::None => {
                let nearest = self.similar(name).take(SHOWN).cloned().collect();
                let (wanted, name) = (wanted.to_owned(), name.to_owned());
                problems.push(Problem::UnknownTask { wanted, name, nearest });
                return None;
            }
        };
        problems.extend(different(self.names, &found).map(|candidates| {
            let (wanted, name) = (wanted.to_owned(), name.to_owned());
            Problem::AmbiguousTask { wanted, name, candidates }
        }));
        None
    }
}

/// The names of the tasks found; `None` if all have one name: that is another problem, and a longer
/// name would not help.
pub(super) fn different(names: &Names<'_>, found: &[usize]) -> Option<Vec<String>> {
    let mut candidates = names.names_of(found);
    let mut seen = HashSet::new();
    candidates.retain(|name| seen.insert(name.clone()));
    (candidates.len() > 1).then_some(candidates)
}
