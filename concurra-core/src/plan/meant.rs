//! What a name that somebody wrote may stand for.

use std::collections::HashSet;

use crate::names::{Found, Names};
use crate::problem::Problem;

/// Finds a task that was named from outside.
pub(super) fn resolve(
    names: &Names<'_>,
    name: &str,
    wanted: &str,
    problems: &mut Vec<Problem>,
) -> Option<usize> {
    let found = match names.task(name) {
        Found::One(index) => return Some(index),
        Found::Several(found) => found,
        Found::None => {
            let nearest = names.nearest(name);
            let (wanted, name) = (wanted.to_owned(), name.to_owned());
            problems.push(Problem::UnknownTask { wanted, name, nearest });
            return None;
        }
    };
    problems.extend(different(names, &found).map(|candidates| {
        let (wanted, name) = (wanted.to_owned(), name.to_owned());
        Problem::AmbiguousTask { wanted, name, candidates }
    }));
    None
}

/// The names that a text may stand for; none when they are one name, as no other word would help
/// then and the duplicate is a problem of its own.
pub(super) fn different(names: &Names<'_>, found: &[usize]) -> Option<Vec<String>> {
    let mut candidates = names.names_of(found);
    let mut seen = HashSet::new();
    candidates.retain(|name| seen.insert(name.clone()));
    (candidates.len() > 1).then_some(candidates)
}
