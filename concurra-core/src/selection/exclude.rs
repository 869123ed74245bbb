//! `--exclude-tags`: a task with one of them is left out, also as a dependency.

use super::expression::read_tag;
use super::{Filter, Selection, unknown_tags};
use crate::problem::Problem;
use crate::task::Task;

const OPTION: &str = "--exclude-tags";

pub(super) fn filter(
    selection: &Selection,
    tasks: &[Task],
    problems: &mut Vec<Problem>,
) -> Option<Filter> {
    let mut tags = Vec::new();
    for list in &selection.exclude_tags {
        match list.split(',').map(read_tag).collect::<Result<Vec<_>, _>>() {
            Ok(list) => tags.extend(list),
            Err(why) => {
                problems.push(Problem::BadTags { option: OPTION, text: list.clone(), why });
            }
        }
    }
    let excluded = tags.iter().map(|tag| (tag.as_str(), false));
    problems.extend(unknown_tags(OPTION, excluded, tasks));
    (!tags.is_empty()).then(|| Filter {
        excludes: true,
        description: Some(tags.iter().map(|tag| format!("!{tag}")).collect::<Vec<_>>().join(" & ")),
        rejects: Box::new(move |task| tags.iter().any(|tag| task.has_tag(tag))),
    })
}
