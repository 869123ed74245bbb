//! The program that runs under a heading is the target of that heading.

mod executables;
mod folders;
mod members;
mod scratch_files;
mod separate_packages;

use crate::support::Ran;

/// The texts that tasks print, none of which is a part of another.
const TEXTS: [&str; 3] = ["«first»", "«second»", "«third»"];

/// The programs printed only this text.
#[track_caller]
fn prints_only(ran: Ran, text: &str) {
    let ran = ran.exits(0).prints(&[text]);
    lacks_others(&ran, text);
}

/// Either the programs printed only this text, or `mtrun` refused the call and ran nothing.
#[track_caller]
fn prints_or_refuses(ran: &Ran, text: &str, named: &str) {
    lacks_others(ran, text);
    if ran.code != Some(0) {
        let refused = !ran.out.contains(text) && ran.err.contains("error");
        assert!(refused && ran.err.contains(named), "{}\n{}", ran.out, ran.err);
    } else {
        assert!(ran.out.contains(text), "{}\n{}", ran.out, ran.err);
    }
}

#[track_caller]
fn lacks_others(ran: &Ran, text: &str) {
    for other in TEXTS.iter().filter(|other| **other != text) {
        assert!(!ran.out.contains(other), "{other} in place of {text}:\n{}\n{}", ran.out, ran.err);
    }
}

/// Each heading is followed by its text, or `mtrun` refused the call with both names.
#[track_caller]
fn headings_fit(ran: &Ran, expected: &[(&str, &str)]) {
    if ran.code != Some(0) {
        lacks_others(ran, "");
        let named = expected.iter().all(|(file, _)| ran.err.contains(file));
        assert!(named && ran.err.contains("error"), "{}\n{}", ran.out, ran.err);
        return;
    }
    let parts = ran.out.split("==> ").skip(1).collect::<Vec<_>>();
    assert_eq!(parts.len(), expected.len(), "{}\n{}", ran.out, ran.err);
    for (part, (file, text)) in parts.iter().zip(expected) {
        assert!(part.starts_with(&format!("{file}\n")), "{}", ran.out);
        let found = TEXTS.iter().filter(|text| part.contains(**text)).collect::<Vec<_>>();
        assert_eq!(found, [text], "under {file}:\n{}", ran.out);
    }
}
