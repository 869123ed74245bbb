//! Log records of tasks.

use std::path::PathBuf;

use super::table::{Row, flag, path};

/// The log records to show, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogOptions {
    /// Records go to stderr.
    pub enabled: bool,
    /// Records of every level.
    pub verbose: bool,
    /// A file per worker in this folder.
    pub dir: Option<PathBuf>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        flag("log", "Show tasks' log records", |to| to.run.log.enabled = true),
        flag("verbose", "Show log records of every level", |to| {
            to.run.log.enabled = true;
            to.run.log.verbose = true;
        }),
        path("log-dir", "DIR", "Write a log file per worker into DIR", |to, dir| {
            to.run.log.dir = Some(dir)
        }),
    ]
}
