//! Options that an attribute does not take.

use super::suggestion::suggestion;
use super::{LATER, OPTIONS};
use crate::kind::Kind;

/// Says why the attribute does not take the option, and what to write.
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
    if let Some(known) = suggestion(name, &known) {
        return format!("unknown option `{name}`: did you mean `{known}`?");
    }
    match suggestion(name, LATER).filter(|_| kind == Kind::Task) {
        Some(later) => format!("unknown option `{name}`; `{later}` is not supported yet"),
        None => format!("unknown option `{name}`: {takes}"),
    }
}
