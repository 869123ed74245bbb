//! A target to build and run.

use super::targets::Target;

/// A target to build and run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// The index of its workspace among the sites.
    pub(crate) site: usize,
    pub(crate) target: Target,
    /// The options that choose its package.
    pub(crate) selection: Vec<String>,
    /// The person named it: when it cannot be built, that is an error.
    pub(crate) is_named: bool,
    /// Only these tasks of it, as `NAME` or `NAME@MODULE`; all when there are none.
    pub(crate) tasks: Vec<String>,
    /// Its name in messages and headings.
    pub(crate) label: String,
}
