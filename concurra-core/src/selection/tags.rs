//! `--tags`: every expression must hold.

use super::{Filter, Reason, Selection, TagExpression, unknown_tags};
use crate::problem::Problem;
use crate::task::Task;

struct Tags(Vec<TagExpression>);

pub(super) fn make(
    selection: &Selection,
    tasks: &[Task],
    problems: &mut Vec<Problem>,
) -> Option<Box<dyn Filter>> {
    let mut expressions = Vec::new();
    for text in &selection.tags {
        match TagExpression::parse(text) {
            Ok(expression) => expressions.push(expression),
            Err(why) => problems.push(Problem::BadTags { expression: text.clone(), why }),
        }
    }
    problems.extend(unknown_tags(expressions.iter().flat_map(TagExpression::tags), tasks));
    (!selection.tags.is_empty()).then(|| Box::new(Tags(expressions)) as Box<dyn Filter>)
}

impl Filter for Tags {
    fn reject(&self, task: &Task) -> Option<Reason> {
        let holds = self.0.iter().all(|expression| expression.matches(task));
        (!holds).then(|| "--tags".to_owned())
    }

    fn describe(&self) -> Option<String> {
        Some(match self.0.as_slice() {
            [only] => only.to_string(),
            several => several.iter().map(TagExpression::bracketed).collect::<Vec<_>>().join(" & "),
        })
    }
}
