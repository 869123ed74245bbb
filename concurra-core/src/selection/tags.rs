//! `--tags`: every expression must hold.

use super::{Filter, Selection, TagExpression, unknown_tags};
use crate::problem::Problem;
use crate::task::Task;

const OPTION: &str = "--tags";

pub(super) fn filter(
    selection: &Selection,
    tasks: &[Task],
    problems: &mut Vec<Problem>,
) -> Option<Filter> {
    let mut expressions = Vec::new();
    for text in &selection.tags {
        match TagExpression::parse(text) {
            Ok(expression) => expressions.push(expression),
            Err(why) => {
                problems.push(Problem::BadTags { option: OPTION, text: text.clone(), why });
            }
        }
    }
    let wanted = expressions.iter().flat_map(TagExpression::tags);
    problems.extend(unknown_tags(OPTION, wanted, tasks));
    let texts = expressions.iter().map(TagExpression::bracketed).collect::<Vec<_>>();
    let description = texts.join(" & ");
    (!selection.tags.is_empty()).then(|| Filter {
        excludes: false,
        description: Some(description),
        rejects: Box::new(move |task| {
            !expressions.iter().all(|expression| expression.matches(task))
        }),
    })
}
