//! `--exclude-tags`: a task with one of them is left out, also as a dependency.

use super::{Filter, Selection, unknown_tags};
use crate::problem::Problem;
use crate::task::Task;

pub(super) fn filter(
    selection: &Selection,
    tasks: &[Task],
    problems: &mut Vec<Problem>,
) -> Option<Filter> {
    let lists = selection.exclude_tags.iter().flat_map(|list| list.split(','));
    let tags: Vec<String> = lists.map(|tag| tag.trim().to_owned()).collect();
    problems.extend(unknown_tags(tags.iter().map(String::as_str), tasks));
    (!tags.is_empty()).then(|| Filter {
        excludes: true,
        description: Some(tags.iter().map(|tag| format!("!{tag}")).collect::<Vec<_>>().join(" & ")),
        rejects: Box::new(move |task| tags.iter().any(|tag| task.has_tag(tag))),
    })
}
