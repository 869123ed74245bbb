//! The choice of tasks: the filters, and their table.

mod exclude;
mod expression;
mod ignored;
mod name;
mod skip;
mod tags;

use std::collections::BTreeSet;

use expression::TagExpression;

use crate::nearest::nearest;
use crate::problem::Problem;
use crate::task::Task;

/// The choice of a user. An empty one means every task of the binary's own crate and of linked crates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// Tag expressions; all must hold: `a,b` is either, `a&!b` is `a` without `b`.
    pub tags: Vec<String>,
    /// Lists of tags that leave a task out, also as a dependency: tasks that need it are skipped.
    pub exclude_tags: Vec<String>,
    /// Texts: a name must contain one of them.
    pub filters: Vec<String>,
    /// Whole names of tasks that are chosen as well. Unlike one that a filter names, an ignored task
    /// among them stays ignored.
    pub members: Vec<String>,
    /// Texts that leave a task out, also as a dependency: tasks that need it are skipped.
    pub skip: Vec<String>,
    /// Whether `filters` and `skip` are whole names.
    pub exact: bool,
    /// Which ignored tasks run.
    pub ignored: Ignored,
    /// Whether what a chosen task needs is pulled in; by default all but for `only`.
    pub deps: Option<bool>,
    /// Tasks that run alone.
    pub only: Vec<NamedTask>,
    /// Whether to accept unknown tags and mocks of unknown tasks, as they may belong to another
    /// target: [`Plan::absent`](crate::Plan::absent) lists them. `only` is this target's in any case.
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

/// A task by its name.
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

/// Whether a filter leaves a task out.
type Rejects = dyn Fn(&Task) -> bool;

/// Decides about one task; knows nothing of others.
pub(crate) struct Filter {
    pub(crate) rejects: Box<Rejects>,
    /// Whether what it leaves out does not run as a dependency either.
    pub(crate) excludes: bool,
    /// The filter in the head of a run.
    pub(crate) description: Option<String>,
}

/// Makes a filter of a selection, when the selection asks for it.
type Make = fn(&Selection, &[Task], &mut Vec<Problem>) -> Option<Filter>;

const FILTERS: &[Make] =
    &[tags::filter, exclude::filter, name::filter, skip::filter, ignored::filter];

/// The filters of a selection and what is wrong with them.
pub(crate) fn filters(selection: &Selection, tasks: &[Task]) -> (Vec<Filter>, Vec<Problem>) {
    let mut problems = Vec::new();
    let filters = FILTERS.iter().filter_map(|make| make(selection, tasks, &mut problems)).collect();
    (filters, problems)
}

/// Whether a name holds the text, or is it.
fn fits(name: &str, text: &str, exact: bool) -> bool {
    if exact { name == text } else { name.contains(text) }
}

/// A problem for each tag that no task has. Each tag comes with whether it chooses tasks.
fn unknown_tags<'t>(
    option: &'static str,
    tags: impl Iterator<Item = (&'t str, bool)>,
    tasks: &[Task],
) -> Vec<Problem> {
    let mut tags = tags.peekable();
    if tags.peek().is_none() {
        return Vec::new();
    }
    let known: BTreeSet<&str> =
        tasks.iter().flat_map(|task| &task.tags).map(AsRef::as_ref).collect();
    let problem = |(tag, chooses): (&str, bool)| {
        let mut shown = nearest(tag, known.iter().copied());
        if shown.is_empty() {
            shown = known.iter().copied().take(5).collect();
        }
        let nearest = shown.into_iter().map(ToOwned::to_owned).collect();
        Problem::UnknownTag { option, tag: tag.to_owned(), nearest, chooses }
    };
    tags.filter(|(tag, _)| !known.contains(tag)).map(problem).collect()
}
