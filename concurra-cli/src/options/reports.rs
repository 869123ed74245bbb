//! Reports for programs, and where they go.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use concurra_core::nearest::{did_you_mean, nearest};

use super::Surroundings;
use super::arguments::split;
use super::error::wrong_value;
use super::names::not_supported;
use super::table::{Row, all, bytes};
use crate::report::{KINDS, ReportTo};

/// Kinds that a later version will have.
const LATER: &[&str] = &["junit", "trace", "html"];

/// The names of stdout. Opened as a file it would be where tasks print.
const STDOUT: &[&str] = &["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

pub(super) fn rows() -> Vec<Row> {
    let help = format!("Write a report to FILE; KIND is {}; - is stdout; may be repeated", kinds());
    vec![Row::new(bytes("report", "KIND=FILE").help(help), |matches, to, around| {
        let mut texts = all::<OsString>(matches, "report").into_iter();
        texts.try_for_each(|text| {
            let added = add(&mut to.run.reports, &text, around);
            added.map_err(|reason| wrong_value("--report", &text.to_string_lossy(), &reason))
        })
    })]
}

fn add(reports: &mut Vec<ReportTo>, text: &OsStr, around: &Surroundings<'_>) -> Result<(), String> {
    let to = target(text, around)?;
    if reports.contains(&to) && !to.is_stdout() {
        return Ok(());
    }
    // Two writers of one file would spoil it.
    if reports.iter().any(|other| whole(other) == whole(&to)) {
        let place = if to.is_stdout() { "stdout" } else { "this file" };
        return Err(format!("another report goes to {place} already; name another file"));
    }
    reports.push(to);
    Ok(())
}

/// The path of a report's file without `..` and links in its folder.
fn whole(report: &ReportTo) -> Option<PathBuf> {
    let path = report.file.as_ref()?;
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    Some(
        folder
            .zip(path.file_name())
            .map_or_else(|| path.clone(), |(folder, name)| folder.join(name)),
    )
}

fn target(text: &OsStr, around: &Surroundings<'_>) -> Result<ReportTo, String> {
    let (word, file) = split(text);
    let word = word.to_string_lossy();
    let kind = KINDS.iter().find(|kind| kind.name == word).ok_or_else(|| unknown(&word))?.name;
    match file.filter(|file| !file.is_empty()) {
        None => Err(format!("a file is missing; write `--report {kind}=FILE`")),
        Some(file) if STDOUT.iter().any(|name| file == *name) => Ok(ReportTo { kind, file: None }),
        Some(file) => Ok(ReportTo { kind, file: Some(around.base.join(file)) }),
    }
}

fn unknown(word: &str) -> String {
    if LATER.contains(&word) {
        return format!("{}; KIND is {}", not_supported(word), kinds());
    }
    let suggestion = did_you_mean(&nearest(word, KINDS.iter().map(|kind| kind.name)));
    format!("write `--report KIND=FILE`; KIND is {}{suggestion}", kinds())
}

fn kinds() -> String {
    let names = KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>();
    format!("one of {}", names.join(", "))
}
