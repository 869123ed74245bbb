//! `--exclude-tags`: a task with one of them is left out, also as a dependency.

use super::{Filter, Reason, Selection, unknown_tags};
use crate::problem::Problem;
use crate::task::Task;

struct ExcludeTags(Vec<String>);

pub(super) fn make(
    selection: &Selection,
    tasks: &[Task],
    problems: &mut Vec<Problem>,
) -> Option<Box<dyn Filter>> {
    let lists = selection.exclude_tags.iter().flat_map(|list| list.split(','));
    let tags: Vec<String> = lists.map(|tag| tag.trim().to_owned()).collect();
    problems.extend(unknown_tags(tags.iter().map(String::as_str), tasks));
    (!tags.is_empty()).then(|| Box::new(ExcludeTags(tags)) as Box<dyn Filter>)
}

impl Filter for ExcludeTags {
    fn reject(&self, task: &Task) -> Option<Reason> {
        let tag = self.0.iter().find(|tag| task.has_tag(tag))?;
        Some(format!("--exclude-tags {tag}"))
    }

    fn excludes(&self) -> bool {
        true
    }

    fn describe(&self) -> Option<String> {
        Some(self.0.iter().map(|tag| format!("!{tag}")).collect::<Vec<_>>().join(" & "))
    }
}
