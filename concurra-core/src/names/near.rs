//! Names of tasks that resemble a name that no task has.

use crate::nearest::Candidates;
use crate::task::Task;

/// The most tasks of one last segment in a suggestion.
const MOST: usize = 3;

/// The names of all tasks, prepared for many comparisons.
#[derive(Debug)]
pub(crate) struct Near<'a> {
    tasks: &'a [Task],
    whole: Candidates<'a>,
    last: Candidates<'a>,
}

impl<'a> Near<'a> {
    pub(super) fn new(tasks: &'a [Task]) -> Self {
        let names = || tasks.iter().map(|task| task.name.as_str());
        Self {
            tasks,
            whole: Candidates::new(names()),
            last: Candidates::new(names().map(last_segment)),
        }
    }

    /// Names that are near to one that was not found.
    pub(crate) fn to(&self, name: &str) -> Vec<String> {
        let mut found = self.whole.nearest(name);
        // A name without a path was compared with last segments already.
        if let (true, Some((_, wanted))) = (found.is_empty(), name.rsplit_once("::")) {
            let close = self.last.nearest(wanted);
            let names = self.tasks.iter().map(|task| task.name.as_str());
            found = names.filter(|name| close.contains(&last_segment(name))).take(MOST).collect();
        }
        found.into_iter().map(ToOwned::to_owned).collect()
    }
}

fn last_segment(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}
