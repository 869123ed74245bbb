//! Words on the command line: a name must hold one of them, or be one with `--exact`.

use std::collections::HashSet;

use super::{Filter, Selection, fits};
use crate::problem::Problem;
use crate::task::Task;

pub(super) fn filter(selection: &Selection, _: &[Task], _: &mut Vec<Problem>) -> Option<Filter> {
    let Selection { filters: texts, members, exact, .. } = selection.clone();
    if texts.is_empty() && members.is_empty() {
        return None;
    }
    let relation = if exact { "=" } else { "~" };
    let names: Vec<_> = texts.iter().map(|text| format!("name {relation} {text}")).collect();
    let joined = names.join(" | ");
    let description = if names.len() > 1 { format!("({joined})") } else { joined };
    let members: HashSet<String> = members.into_iter().collect();
    Some(Filter {
        excludes: false,
        description: (!names.is_empty()).then_some(description),
        rejects: Box::new(move |task| {
            let is_named = || texts.iter().any(|text| fits(&task.name, text, exact));
            !members.contains(&task.name) && !is_named()
        }),
    })
}
