//! `--skip`: a task whose name holds the text, or is it with `--exact`, is left out.

use super::{Filter, Reason, Selection};
use crate::problem::Problem;
use crate::task::Task;

struct Skip {
    texts: Vec<String>,
    exact: bool,
}

pub(super) fn make(
    selection: &Selection,
    _: &[Task],
    _: &mut Vec<Problem>,
) -> Option<Box<dyn Filter>> {
    let skip = Skip { texts: selection.skip.clone(), exact: selection.exact };
    (!selection.skip.is_empty()).then(|| Box::new(skip) as Box<dyn Filter>)
}

impl Filter for Skip {
    fn reject(&self, task: &Task) -> Option<Reason> {
        let fits = |text: &&String| {
            if self.exact { task.name == **text } else { task.name.contains(text.as_str()) }
        };
        self.texts.iter().find(fits).map(|text| format!("--skip {text}"))
    }

    fn excludes(&self) -> bool {
        true
    }

    fn describe(&self) -> Option<String> {
        let relation = if self.exact { "!=" } else { "!~" };
        let texts = self.texts.iter().map(|text| format!("name {relation} {text}"));
        Some(texts.collect::<Vec<_>>().join(" & "))
    }
}
