//! Options that an attribute does not take.

use super::{LATER, OPTIONS};
use crate::kind::Kind;

/// Options as others name them, and what to write instead.
const INSTEAD: &[(&str, &str)] = &[
    ("depends_on", AFTER),
    ("depends", AFTER),
    ("dependencies", AFTER),
    ("deps", AFTER),
    ("needs", AFTER),
    ("before", "write `after` on the other task"),
    ("labels", "write `tags = [\"slow\"]`"),
    ("retry", "write `retries = 2`"),
    ("attempts", "write `retries`, which does not count the first attempt"),
    ("exclusive", "write `serial`"),
    ("should_panic", "write `#[should_panic]` as an attribute of its own"),
    ("state", "leave it out; a parameter `state: &State` receives the state"),
    ("name", "a task has the name of its function; leave it out"),
];

const AFTER: &str = "write `after = [\"load\"]`";

/// The message: why the attribute does not take the option, and what to write.
pub(super) fn unknown(kind: Kind, name: &str) -> String {
    let attribute = kind.name();
    let known: Vec<&str> =
        OPTIONS.iter().filter(|row| row.on.contains(&kind)).map(|row| row.name).collect();
    let takes = format!("`#[{attribute}]` takes `{}`", known.join("`, `"));
    if LATER.contains(&name) {
        return format!("`{name}` is not supported yet: {takes}");
    }
    if OPTIONS.iter().any(|row| row.name == name) {
        let when = if kind == Kind::Setup { "before any task" } else { "after all tasks" };
        return format!("`{name}` is an option of tasks; a {attribute} runs {when}: remove it");
    }
    if kind == Kind::Task
        && let Some((_, instead)) = INSTEAD.iter().find(|(other, _)| *other == name)
    {
        return format!("unknown option `{name}`: {instead}");
    }
    if let Some(known) = suggestion(name, &known) {
        return format!("unknown option `{name}`: did you mean `{known}`?");
    }
    match suggestion(name, LATER).filter(|_| kind == Kind::Task) {
        Some(later) => format!("unknown option `{name}`; `{later}` is not supported yet"),
        None => format!("unknown option `{name}`: {takes}"),
    }
}

/// The candidate with the fewest edits and swaps, when these are few for the word's length.
fn suggestion<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let most = if word.chars().count() < 4 { 1 } else { 2 };
    let edits = candidates.iter().map(|known| (strsim::osa_distance(word, known), *known));
    edits.filter(|(edits, _)| *edits <= most).min().map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alternative_is_an_option_of_tasks_that_no_row_has() {
        for (other, instead) in INSTEAD {
            assert!(OPTIONS.iter().all(|row| row.name != *other), "{other}");
            assert!(unknown(Kind::Task, other).ends_with(instead), "{other}");
        }
    }

    #[test]
    fn only_similar_words_are_suggested() {
        let known = &["after", "tags", "ignore"];
        assert_eq!(suggestion("tag", known), Some("tags"));
        assert_eq!(suggestion("aftre", known), Some("after"));
        assert_eq!(suggestion("priority", known), None);
    }
}
