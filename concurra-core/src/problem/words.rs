//! Names and lists of names in the messages of problems: on one line, and not too many.

use super::Site;
use crate::nearest::{did_you_mean, nearest};
use crate::shown::{joined, line, quoted};

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

/// How the value of an option is written.
pub(super) fn forms(option: &str) -> &'static str {
    match option {
        "--tags" => "write `a,b` for either, `a&!b` for `a` without `b`",
        _ => "write tags with commas between them, as in `a,b`",
    }
}

/// The end of a sentence about an unknown tag: similar tags, or some of all tags.
pub(super) fn tags_near(tag: &str, some: &[String]) -> String {
    let near = nearest(tag, some.iter().map(String::as_str));
    if near.is_empty() && !some.is_empty() {
        let verb = if some.len() == 1 { "is" } else { "are" };
        return format!("; there {verb} {}", joined(some, ", ", |tag| quoted(tag)));
    }
    did_you_mean(&near)
}
