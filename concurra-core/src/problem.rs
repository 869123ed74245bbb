//! The problems of a plan; all are found before anything runs.

mod masked;
mod words;

use std::fmt;

use thiserror::Error;
use words::{cycle, forms, hint, link, places, several, tags_near};

use crate::nearest::did_you_mean;
use crate::registry::Place;
use crate::shown::{choices, grouped, line, quoted, spelled};

/// The most problems in a message.
pub(crate) const MOST_SHOWN: usize = 100;

/// A task's name and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The task's name.
    pub name: String,
    /// Where it is declared or added.
    pub place: Place,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", quoted(&self.name), self.place)
    }
}

/// One problem of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// No task is registered, although registered tasks are to run.
    #[error(
        "there is no task: annotate functions with `#[task]`, without `#[test]` above it; tasks of a \
         library are included by `concurra::link!(its_name)`{}",
        hint(others)
    )]
    NoTasks {
        /// Crates in the binary that have tasks.
        others: Vec<String>,
    },
    /// `link!` names a crate without tasks.
    #[error(
        "{place}: `link!({krate})`: no crate of this name has tasks{}; for a dependency that \
         Cargo.toml renames write `link!(renamed = \"its_own_name\")`",
        hint(others)
    )]
    EmptyLink {
        /// The name as written.
        krate: String,
        /// The place of `link!`.
        place: Place,
        /// Crates in the binary that have tasks.
        others: Vec<String>,
    },
    /// `after` names no task.
    #[error(
        "{task} comes after {}, but no task has that name{}{}{}",
        spelled(dependency),
        several(dependency),
        did_you_mean(nearest),
        link(library.as_deref())
    )]
    UnknownDependency {
        /// The task.
        task: Site,
        /// The name as written.
        dependency: String,
        /// Similar names. Only the first hundred unknown names have them.
        nearest: Vec<String>,
        /// A library that may have the task, but that this program does not link.
        library: Option<String>,
    },
    /// `after` could mean several tasks.
    #[error(
        "{task} comes after {}, which could be {}; write the whole name",
        quoted(dependency),
        choices(candidates)
    )]
    AmbiguousDependency {
        /// The task.
        task: Site,
        /// The name as written.
        dependency: String,
        /// The tasks it could be.
        candidates: Vec<String>,
    },
    /// Several tasks have one name.
    #[error(
        "{} tasks are named {}: {}; names must differ",
        grouped(sites.len()),
        quoted(name),
        places(sites)
    )]
    Duplicate {
        /// The name.
        name: String,
        /// The tasks.
        sites: Vec<Site>,
    },
    /// Tasks wait for each other.
    #[error("tasks wait for each other: {}", cycle(path))]
    Cycle {
        /// The tasks; each waits for the next, the last for the first.
        path: Vec<Site>,
    },
    /// An option of commands on a task that is not a command.
    #[error(
        "{} is not a command, so `{option}` has no effect; add it with `command` or `shell`",
        quoted(task)
    )]
    NoCommand {
        /// The task.
        task: String,
        /// The builder's method.
        option: &'static str,
    },
    /// A text in the source that nothing could name, such as a tag with a comma.
    #[error("{task} has the {what} {text:?}: {advice}")]
    BadLabel {
        /// The task.
        task: Site,
        /// What the text is: a tag or a serial name.
        what: &'static str,
        /// The text.
        text: String,
        /// What to write instead.
        advice: &'static str,
    },
    /// A mock or a selection names no task.
    #[error("{wanted} names no task: {}{}", spelled(name), did_you_mean(nearest))]
    UnknownTask {
        /// Where the name comes from: a mock or the target.
        wanted: String,
        /// The name as the user wrote it.
        name: String,
        /// Similar names.
        nearest: Vec<String>,
    },
    /// A mock or a selection could mean several tasks.
    #[error(
        "{wanted} names several tasks: {} could be {}; write the whole name",
        quoted(name),
        choices(candidates)
    )]
    AmbiguousTask {
        /// Where the name comes from: a mock or the target.
        wanted: String,
        /// The name as the user wrote it.
        name: String,
        /// The tasks it could be.
        candidates: Vec<String>,
    },
    /// The text of a mock is not a result of its task.
    #[error("the mock of {} (`--result-{}`): {}", quoted(name), line(name), line(why))]
    BadMock {
        /// The task.
        name: String,
        /// The reason.
        why: String,
    },
    /// The tags of an option cannot be read.
    #[error("`{option}` cannot be {}: {why}; {}", quoted(text), forms(option))]
    BadTags {
        /// `--tags` or `--exclude-tags`.
        option: &'static str,
        /// The value of the option.
        text: String,
        /// The reason.
        why: String,
    },
    /// A tag that no task has. It is an error only if it was to choose tasks.
    #[error("no task has the tag {} of `{option}`{}", spelled(tag), tags_near(tag, nearest))]
    UnknownTag {
        /// `--tags` or `--exclude-tags`.
        option: &'static str,
        /// The tag.
        tag: String,
        /// Similar tags, or some of all tags when none is similar.
        nearest: Vec<String>,
        /// Whether it was to choose tasks, and not to leave them out.
        chooses: bool,
    },
}

/// The part that is wrong; runners choose their exit code by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The plan itself is wrong.
    Plan,
    /// A filter, a value or a combination of options is wrong.
    Selection,
}

impl Problem {
    /// The part that is wrong.
    #[must_use]
    pub const fn kind(&self) -> ProblemKind {
        match self {
            Self::BadMock { .. } | Self::BadTags { .. } | Self::UnknownTag { .. } => {
                ProblemKind::Selection
            }
            _ => ProblemKind::Plan,
        }
    }

    /// Whether the plan can run all the same.
    #[must_use]
    pub const fn is_harmless(&self) -> bool {
        matches!(self, Self::UnknownTag { chooses: false, .. })
    }

    /// Whether another target may have the unknown tag or task.
    pub(crate) const fn may_be_elsewhere(&self) -> bool {
        matches!(self, Self::UnknownTag { .. } | Self::UnknownTask { .. })
    }
}

/// All problems of a plan. Nothing ran. The message shows the first hundred.
///
/// ```
/// let mut runner = concurra_core::Runner::new();
/// runner.add("pay", || ()).after(["receve"]);
/// runner.add("receive", || ());
/// let error = runner.run().unwrap_err();
/// assert!(error.to_string().contains("did you mean `receive`?"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PlanError {
    problems: Vec<Problem>,
    absent: Vec<Problem>,
}

impl PlanError {
    pub(crate) const fn new(problems: Vec<Problem>, absent: Vec<Problem>) -> Self {
        Self { problems, absent }
    }

    /// Every problem, in the order of the tasks.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Unknown names of a tolerant selection. They are not problems, as another binary may have them.
    #[must_use]
    pub fn absent(&self) -> &[Problem] {
        &self.absent
    }
}

impl std::error::Error for PlanError {}

impl fmt::Debug for PlanError {
    /// The message itself, as a `main` that returns the error prints it by `Debug`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_selection = |problem: &Problem| {
            problem.kind() == ProblemKind::Selection || problem.may_be_elsewhere()
        };
        let all = self.problems.iter().all(of_selection);
        let subject = if all { "the selection" } else { "the plan" };
        match self.problems.as_slice() {
            [only] => write!(f, "{subject} is wrong: {only}"),
            several => {
                write!(f, "{subject} is wrong in {} places:", grouped(several.len()))?;
                for problem in several.iter().take(MOST_SHOWN) {
                    write!(f, "\n  - {problem}")?;
                }
                match several.len().saturating_sub(MOST_SHOWN) {
                    0 => Ok(()),
                    more => write!(f, "\n  … and {} more", grouped(more)),
                }
            }
        }
    }
}
