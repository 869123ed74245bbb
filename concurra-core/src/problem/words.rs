//! How problems say names and lists of them: each on its line, and no more than somebody reads.

use super::Site;
use crate::shown::{front, grouped, joined, line};

/// A name as a message has it.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", line(name))
}

/// `a`, `b` or `c`.
pub(super) fn list(names: &[String]) -> String {
    let (shown, left_out) = front(names.len());
    let mut words: Vec<String> = names[..shown].iter().map(|name| quoted(name)).collect();
    if left_out > 0 {
        words.push(format!("{} more", grouped(left_out)));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, front)) => format!("{} or {last}", front.join(", ")),
        None => String::new(),
    }
}

pub(super) fn nearest_hint(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; did you mean {}?", list(nearest)) }
}

pub(super) fn hint(others: &[String]) -> String {
    if others.is_empty() {
        String::new()
    } else {
        format!(" (crates with tasks in this binary: {})", others.join(", "))
    }
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
