//! Words on the command line: a name must hold one of them, or be one with `--exact`.

use std::collections::HashSet;

use super::{Filter, Reason, Selection};
use crate::problem::Problem;
use crate::task::Task;

struct Names {
    texts: Vec<String>,
    exact: bool,
    members: HashSet<String>,
}

pub(super) fn make(
    selection: &Selection,
    _: &[Task],
    _: &mut Vec<Problem>,
) -> Option<Box<dyn Filter>> {
    if selection.filters.is_empty() && selection.members.is_empty() {
        return None;
    }
    let members = selection.members.iter().cloned().collect();
    Some(Box::new(Names { texts: selection.filters.clone(), exact: selection.exact, members }))
}

impl Filter for Names {
    fn reject(&self, task: &Task) -> Option<Reason> {
        let fits = |text: &String| {
            if self.exact { task.name == *text } else { task.name.contains(text.as_str()) }
        };
        let chosen = self.members.contains(&task.name) || self.texts.iter().any(fits);
        (!chosen).then(|| "the name filter".to_owned())
    }

    fn describe(&self) -> Option<String> {
        let relation = if self.exact { "=" } else { "~" };
        let texts: Vec<_> =
            self.texts.iter().map(|text| format!("name {relation} {text}")).collect();
        let joined = texts.join(" | ");
        let text = if texts.len() > 1 { format!("({joined})") } else { joined };
        (!text.is_empty()).then_some(text)
    }
}
