//! The targets of workspaces, their names and the owners of files.

mod scratch;
mod target;
mod workspace;

pub(crate) use scratch::{Package, runs_alone};
#[cfg(test)]
pub(crate) use target::tests::target as target_of;
pub(crate) use target::{Kind, Target, named};
#[cfg(test)]
pub(crate) use workspace::Member;
pub(crate) use workspace::{Workspace, find_dependencies, output_of};
