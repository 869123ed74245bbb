//! Which tasks are chosen: the family's trait and its table.

mod exclude;
mod expression;
mod ignored;
mod name;
mod skip;
mod tags;

pub(crate) use expression::TagExpression;

use crate::problem::Problem;
use crate::task::Task;

/// What a user chose; empty means every task of the binary's own crate and of linked ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// Tag expressions; all must hold: `a,b` is either, `a&!b` is `a` without `b`.
    pub tags: Vec<String>,
    /// Lists of tags that leave a task out.
    pub exclude_tags: Vec<String>,
    /// Texts of which a name must hold one.
    pub filters: Vec<String>,
    /// Whole names of tasks that are chosen as well. Unlike one that a filter names, an ignored task
    /// among them stays ignored.
    pub members: Vec<String>,
    /// Texts that leave a task out.
    pub skip: Vec<String>,
    /// Whether `filters` and `skip` are whole names.
    pub exact: bool,
    /// Which ignored tasks run.
    pub ignored: Ignored,
    /// Whether what a chosen task needs is pulled in; by default all but for `only`.
    pub deps: Option<bool>,
    /// Tasks that run alone.
    pub only: Vec<NamedTask>,
    /// Unknown tags and mocks of unknown tasks are told by [`Plan::absent`](crate::Plan::absent)
    /// instead of refused, as they may belong to another target. `only` is this target's in any case.
    pub tolerant: bool,
}

impl Selection {
    /// The selection as it may be shown, with another text for each that it has.
    pub(crate) fn mask(&self, mask: &dyn Fn(&str) -> String) -> Self {
        let all = |texts: &[String]| texts.iter().map(|text| mask(text)).collect();
        Self {
            tags: all(&self.tags),
            exclude_tags: all(&self.exclude_tags),
            filters: all(&self.filters),
            skip: all(&self.skip),
            ..self.clone()
        }
    }
}

/// A task that was named.
///
/// ```
/// use concurra_core::{NamedTask, Selection};
///
/// let mut selection = Selection::default();
/// selection.only = vec![NamedTask { name: "load".to_owned(), module: Some("db".to_owned()) }];
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedTask {
    /// The task's name, or its last parts.
    pub name: String,
    /// A task of this module comes before one of the same name elsewhere.
    pub module: Option<String>,
}

impl From<&str> for NamedTask {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), module: None }
    }
}

/// Which ignored tasks run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ignored {
    /// None; they are counted as ignored.
    #[default]
    Leave,
    /// Nothing else.
    Only,
    /// All.
    Include,
}

/// A reason to leave a task out, as the option that says so.
pub(crate) type Reason = String;

/// Decides about one task; knows nothing of others.
pub(crate) trait Filter {
    /// `Some` when the task is left out. Excluding filters also forbid it as a dependency.
    fn reject(&self, task: &Task) -> Option<Reason>;

    /// Whether what this filter drops may not be pulled in either.
    fn excludes(&self) -> bool {
        false
    }

    /// How the filter was read, for the head of a run.
    fn describe(&self) -> Option<String> {
        None
    }
}

/// Makes a filter of a selection, when the selection asks for it.
type Make = fn(&Selection, &[Task], &mut Vec<Problem>) -> Option<Box<dyn Filter>>;

const FILTERS: &[Make] = &[tags::make, exclude::make, name::make, skip::make, ignored::make];

/// The filters of a selection and what is wrong with them.
pub(crate) fn filters(
    selection: &Selection,
    tasks: &[Task],
) -> (Vec<Box<dyn Filter>>, Vec<Problem>) {
    let mut problems = Vec::new();
    let filters = FILTERS.iter().filter_map(|make| make(selection, tasks, &mut problems)).collect();
    (filters, problems)
}

/// What is wrong with tags that no task has.
pub(crate) fn unknown_tags<'t>(
    wanted: impl Iterator<Item = &'t str>,
    tasks: &[Task],
) -> Vec<Problem> {
    let known: std::collections::BTreeSet<&str> =
        tasks.iter().flat_map(|task| &task.tags).map(AsRef::as_ref).collect();
    wanted
        .filter(|tag| !known.contains(tag))
        .map(|tag| {
            let close = crate::nearest::nearest(tag, known.iter().copied());
            let shown =
                if close.is_empty() { known.iter().copied().take(5).collect() } else { close };
            let nearest = shown.into_iter().map(ToOwned::to_owned).collect();
            Problem::UnknownTag { tag: tag.to_owned(), nearest }
        })
        .collect()
}
