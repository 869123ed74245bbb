//! Words on the command line: a name must hold one of them, or be one with `--exact`.

use super::{Filter, Reason, Selection};
use crate::problem::Problem;
use crate::task::Task;

struct Names {
    texts: Vec<String>,
    exact: bool,
}

pub(super) fn make(
    selection: &Selection,
    _: &[Task],
    _: &mut Vec<Problem>,
) -> Option<Box<dyn Filter>> {
    let names = Names { texts: selection.filters.clone(), exact: selection.exact };
    (!selection.filters.is_empty()).then(|| Box::new(names) as Box<dyn Filter>)
}

impl Filter for Names {
    fn reject(&self, task: &Task) -> Option<Reason> {
        let fits = |text: &String| {
            if self.exact { task.name == *text } else { task.name.contains(text.as_str()) }
        };
        (!self.texts.iter().any(fits)).then(|| "the name filter".to_owned())
    }

    fn describe(&self) -> Option<String> {
        let relation = if self.exact { "=" } else { "~" };
        let texts: Vec<_> =
            self.texts.iter().map(|text| format!("name {relation} {text}")).collect();
        let joined = texts.join(" | ");
        Some(if texts.len() > 1 { format!("({joined})") } else { joined })
    }
}
