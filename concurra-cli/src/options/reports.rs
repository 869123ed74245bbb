//! Reports for programs, and where they go.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use clap::{Arg, ArgMatches};

use super::table::{all, texts_with_path};
use super::words::split;
use super::{OptionError, Surroundings};

/// Where a report goes, which is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportTo {
    /// Standard output; lines then go to standard error.
    Stdout,
    /// A file, which is written anew.
    File(PathBuf),
}

const OPTION: &str = "--report";

/// Kinds that a later version will have.
const LATER: &[&str] = &["jsonl", "junit", "trace", "html"];

pub(super) fn args() -> Vec<Arg> {
    vec![texts_with_path(
        "report",
        "json=FILE",
        "Write a report as JSON; - is stdout; may be repeated",
    )]
}

pub(super) fn read(
    matches: &ArgMatches,
    around: &Surroundings<'_>,
) -> Result<Vec<ReportTo>, OptionError> {
    let mut reports = Vec::new();
    for text in all::<OsString>(matches, "report") {
        let to = target(&text, around).map_err(|reason| match text.to_str() {
            Some("") => OptionError::EmptyValue { option: OPTION.to_owned() },
            _ => OptionError::Value {
                option: OPTION.to_owned(),
                value: text.display().to_string(),
                reason,
            },
        })?;
        // Two writers of one file would spoil it.
        if !reports.contains(&to) {
            reports.push(to);
        }
    }
    Ok(reports)
}

fn target(text: &OsStr, around: &Surroundings<'_>) -> Result<ReportTo, String> {
    let (kind, file) = split(text, b'=').unwrap_or((text, OsStr::new("")));
    match (kind.to_str(), file.as_bytes()) {
        (Some("json"), b"") => Err("a file is missing; write `--report json=FILE`".to_owned()),
        (Some("json"), b"-") => Ok(ReportTo::Stdout),
        (Some("json"), _) => Ok(ReportTo::File(around.path(file))),
        (Some(kind), _) if LATER.contains(&kind) => Err(format!(
            "`{kind}` is not supported by this version of Concurra ({}); write \
             `--report json=FILE`",
            env!("CARGO_PKG_VERSION")
        )),
        _ => Err("`json` is the kind that is known; write `--report json=FILE`".to_owned()),
    }
}
