//! Names and lists of names in the messages of problems: on one line, and not too many.

use super::Site;
use crate::shown::{joined, line};

pub(super) fn hint(others: &[String]) -> String {
    if others.is_empty() {
        String::new()
    } else {
        format!(" (crates with tasks in this binary: {})", others.join(", "))
    }
}

/// The advice for a name in a library that is not linked.
pub(super) fn link(library: Option<&str>) -> String {
    library.map_or_else(String::new, |library| {
        format!("; if `{library}` is a library, link its tasks: `concurra::link!({library})`")
    })
}

/// The advice for a name that may be several.
pub(super) fn several(name: &str) -> &'static str {
    if name.contains(',') { "; write each name by itself, as in `[\"a\", \"b\"]`" } else { "" }
}

pub(super) fn places(sites: &[Site]) -> String {
    let mut places: Vec<_> = sites.iter().map(|site| site.place.to_string()).collect();
    // A loop adds all of its tasks at one place.
    places.dedup();
    joined(&places, ", ", Clone::clone)
}

/// `a -> b -> a at src/tasks.rs:1, src/tasks.rs:2`.
pub(super) fn cycle(path: &[Site]) -> String {
    let names = joined(path, " -> ", |site| line(&site.name).into_owned());
    let first = path.first().map_or_else(String::new, |site| line(&site.name).into_owned());
    format!("{names} -> {first} at {}", places(path))
}
