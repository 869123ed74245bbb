//! `--ignored`: nothing but tasks that are marked `ignore`.

use super::{Filter, Ignored, Selection};
use crate::problem::Problem;
use crate::task::Task;

pub(super) fn filter(selection: &Selection, _: &[Task], _: &mut Vec<Problem>) -> Option<Filter> {
    (selection.ignored == Ignored::Only).then(|| Filter {
        excludes: false,
        description: Some("ignored".to_owned()),
        rejects: Box::new(|task| task.ignore().is_none()),
    })
}
