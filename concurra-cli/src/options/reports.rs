//! Reports for programs, and where they go.

use std::path::PathBuf;

use clap::{Arg, ArgMatches};

use super::table::{all, texts};
use super::{OptionError, Surroundings};

/// Where a report goes, which is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportTo {
    /// Standard output; lines then go to standard error.
    Stdout,
    /// A file, which is written anew.
    File(PathBuf),
}

/// Kinds that a later version will have.
const LATER: &[&str] = &["jsonl", "junit", "trace", "html"];

pub(super) fn args() -> Vec<Arg> {
    vec![texts("report", "json=FILE", "Write a report as JSON; - is stdout; may be repeated")]
}

pub(super) fn read(
    matches: &ArgMatches,
    around: &Surroundings<'_>,
) -> Result<Vec<ReportTo>, OptionError> {
    let mut reports = Vec::new();
    for text in all(matches, "report") {
        let to = target(&text, around).map_err(|reason| OptionError::Value {
            option: "--report".to_owned(),
            value: text.clone(),
            reason,
        })?;
        // Two writers of one file would spoil it.
        if !reports.contains(&to) {
            reports.push(to);
        }
    }
    Ok(reports)
}

fn target(text: &str, around: &Surroundings<'_>) -> Result<ReportTo, String> {
    let (kind, file) = text.split_once('=').unwrap_or((text, ""));
    match (kind, file) {
        ("json", "") => Err("a file is missing; write `--report json=FILE`".to_owned()),
        ("json", "-") => Ok(ReportTo::Stdout),
        ("json", file) => Ok(ReportTo::File(around.path(file))),
        (kind, _) if LATER.contains(&kind) => Err(format!(
            "`{kind}` is not supported by this version of Concurra ({}); write \
             `--report json=FILE`",
            env!("CARGO_PKG_VERSION")
        )),
        _ => Err("`json` is the kind that is known; write `--report json=FILE`".to_owned()),
    }
}
