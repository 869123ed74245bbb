//! `--ignored`: nothing but tasks that are marked `ignore`.

use super::{Filter, Ignored, Reason, Selection};
use crate::problem::Problem;
use crate::task::Task;

struct OnlyIgnored;

pub(super) fn make(
    selection: &Selection,
    _: &[Task],
    _: &mut Vec<Problem>,
) -> Option<Box<dyn Filter>> {
    (selection.ignored == Ignored::Only).then(|| Box::new(OnlyIgnored) as Box<dyn Filter>)
}

impl Filter for OnlyIgnored {
    fn reject(&self, task: &Task) -> Option<Reason> {
        task.ignore().is_none().then(|| "--ignored".to_owned())
    }

    fn describe(&self) -> Option<String> {
        Some("ignored".to_owned())
    }
}
