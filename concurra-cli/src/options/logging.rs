//! Tasks' log records.

use std::path::PathBuf;

use clap::{Arg, ArgMatches};

use super::Surroundings;
use super::table::{flag, one, path};

/// Which log records are shown, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogOptions {
    /// Records go to stderr.
    pub enabled: bool,
    /// More of them.
    pub verbose: bool,
    /// A file per worker in this folder.
    pub dir: Option<PathBuf>,
}

pub(super) fn args() -> Vec<Arg> {
    vec![
        flag("log", "Show tasks' log records"),
        flag("verbose", "Show more of them"),
        path("log-dir", "DIR", "Write a log file per worker into DIR"),
    ]
}

pub(super) fn read(matches: &ArgMatches, around: &Surroundings<'_>) -> LogOptions {
    LogOptions {
        enabled: matches.get_flag("log"),
        verbose: matches.get_flag("verbose"),
        dir: one::<PathBuf>(matches, "log-dir").map(|dir| around.path(dir)),
    }
}
