//! `--skip`: a task whose name holds the text, or is it with `--exact`, is left out.

use super::{Filter, Selection, fits};
use crate::problem::Problem;
use crate::task::Task;

pub(super) fn filter(selection: &Selection, _: &[Task], _: &mut Vec<Problem>) -> Option<Filter> {
    let Selection { skip: texts, exact, .. } = selection.clone();
    let relation = if exact { "!=" } else { "!~" };
    let names: Vec<_> = texts.iter().map(|text| format!("name {relation} {text}")).collect();
    (!texts.is_empty()).then(|| Filter {
        excludes: true,
        description: Some(names.join(" & ")),
        rejects: Box::new(move |task| texts.iter().any(|text| fits(&task.name, text, exact))),
    })
}
