//! Reports for programs, and where they go.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use concurra_core::nearest::{did_you_mean, nearest};

use super::table::{Row, all, texts_with_path_arg};
use super::words::split;
use super::{OptionError, Surroundings};
use crate::report::{KINDS, ReportTo};

const OPTION: &str = "--report";

/// Kinds that a later version will have.
const LATER: &[&str] = &["junit", "trace", "html"];

pub(super) fn rows() -> Vec<Row> {
    let help = format!("Write a report, {}; - is stdout; may be repeated", kinds("or"));
    let arg = texts_with_path_arg("report", "KIND=FILE").help(help);
    vec![Row::new(arg, |matches, to, around| {
        let mut texts = all::<OsString>(matches, "report").into_iter();
        texts.try_for_each(|text| add(&mut to.run.reports, &text, around))
    })]
}

fn add(
    reports: &mut Vec<ReportTo>,
    text: &OsStr,
    around: &Surroundings<'_>,
) -> Result<(), OptionError> {
    let wrong = |reason| OptionError::Value {
        option: OPTION.to_owned(),
        value: text.display().to_string(),
        reason,
    };
    if text.is_empty() {
        return Err(OptionError::EmptyValue { option: OPTION.to_owned() });
    }
    let to = target(text, around).map_err(wrong)?;
    if reports.contains(&to) {
        return Ok(());
    }
    // Two writers of one file would spoil it.
    if reports.iter().any(|other| other.file == to.file) {
        let place = if to.is_stdout() { "stdout" } else { "this file" };
        let reason = format!("another report goes to {place} already; name another file");
        return Err(wrong(reason));
    }
    reports.push(to);
    Ok(())
}

fn target(text: &OsStr, around: &Surroundings<'_>) -> Result<ReportTo, String> {
    let (kind, file) = split(text, b'=').unwrap_or((text, OsStr::new("")));
    let word = kind.to_string_lossy();
    let Some(kind) = KINDS.iter().find(|kind| kind.name == word) else {
        return Err(unknown(&word));
    };
    let kind = kind.name;
    match file.as_bytes() {
        b"" => Err(format!("a file is missing; write `--report {kind}=FILE`")),
        b"-" => Ok(ReportTo { kind, file: None }),
        _ => Ok(ReportTo { kind, file: Some(around.path(file)) }),
    }
}

fn unknown(word: &str) -> String {
    if LATER.contains(&word) {
        let version = env!("CARGO_PKG_VERSION");
        return format!(
            "`{word}` is not supported by this version of Concurra ({version}); write one of {}",
            kinds("and")
        );
    }
    let names = nearest(word, KINDS.iter().map(|kind| kind.name));
    let names = names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let suggestion = did_you_mean(&names);
    format!("the kinds of reports are {}; write `--report KIND=FILE`{suggestion}", kinds("and"))
}

/// `json, jsonl or md`.
fn kinds(last: &str) -> String {
    let names = KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>();
    let (end, others) = names.split_last().expect("there are several kinds");
    format!("{} {last} {end}", others.join(", "))
}
