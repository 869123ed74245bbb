//! Tasks that the compiler removes before their attribute expands.
//!
//! `#[test]` above `#[task]` expands first, and in a build without libtest it removes the function with
//! every attribute below. Nothing of such a task is left to notice, so the attributes that do expand
//! look at the source of their file.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::{fs, iter};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::kind::Kind;

/// A message for each function of a file that loses an attribute of ours. Looks at each file once.
pub(crate) fn in_file(path: &Path) -> Vec<String> {
    static SEEN: Mutex<Option<HashSet<PathBuf>>> = Mutex::new(None);
    let is_new =
        SEEN.lock().is_ok_and(|mut seen| seen.get_or_insert_default().insert(path.to_owned()));
    let source = if is_new { fs::read_to_string(path).ok() } else { None };
    let removed = |source: String| {
        let all = in_source(&source).into_iter();
        all.map(|removed| removed.message(path, &source)).collect()
    };
    source.map(removed).unwrap_or_default()
}

/// A function that loses an attribute of ours.
#[derive(Debug, PartialEq, Eq)]
struct Removed {
    kind: Kind,
    /// The attribute above.
    test: String,
    /// `None` where a macro makes the name.
    function: Option<String>,
}

impl Removed {
    fn message(&self, path: &Path, source: &str) -> String {
        let Self { kind, test, function } = self;
        let head = format!("fn {}", function.as_deref().unwrap_or("$"));
        let function =
            function.as_ref().map_or("a function".to_owned(), |name| format!("`{name}`"));
        let line = source.lines().position(|line| line.contains(&head)).map_or(0, |line| line + 1);
        let (path, kind) = (path.display(), kind.name());
        format!(
            "{path}:{line}: `#[{test}]` above `#[{kind}]` removes {function} before it becomes a \
             {kind}: remove `#[{test}]`"
        )
    }
}

fn in_source(source: &str) -> Vec<Removed> {
    let mut removed = Vec::new();
    // Most files have no test, and need not be read as tokens.
    if ["test]", "test(", "bench]"].iter().any(|test| source.contains(test)) {
        // A file with a syntax error gets the compiler's own message.
        if let Ok(tokens) = without_shebang(source).parse::<TokenStream>() {
            find(tokens, &mut Vec::new(), &mut removed);
        }
    }
    removed
}

/// The source without a first line for the shell, which is not Rust.
fn without_shebang(source: &str) -> &str {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let is_shebang = source.starts_with("#!") && !source.starts_with("#![");
    let rest = source.split_once('\n').filter(|_| is_shebang);
    rest.map_or(source, |(_, rest)| rest)
}

/// Finds them in tokens, where attributes of ours may have these other names.
fn find(tokens: TokenStream, names: &mut Vec<(String, Kind)>, removed: &mut Vec<Removed>) {
    let mut tokens = tokens.into_iter().peekable();
    let (mut test, mut lost) = (None, None);
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let Some(TokenTree::Group(attribute)) = tokens.next_if(is_attribute) else {
                    continue;
                };
                let path = path(attribute.stream());
                let (front, word) = path.rsplit_once("::").unwrap_or(("", &path));
                let renamed = names.iter().find(|(name, _)| *name == path).map(|(_, kind)| *kind);
                match renamed.or(Kind::named(word)) {
                    Some(kind) if matches!(front, "" | "concurra" | "::concurra") => {
                        lost = test.take().map(|test| (kind, test));
                    }
                    _ if matches!(word, "test" | "bench") => test = Some(path),
                    _ => {}
                }
            }
            TokenTree::Ident(word) if word == "fn" => {
                if let (Some((kind, test)), Some(name)) = (lost.take(), tokens.peek()) {
                    let function = match name {
                        TokenTree::Ident(name) => Some(name.to_string()),
                        _ => None,
                    };
                    removed.push(Removed { kind, test, function });
                }
                test = None;
            }
            TokenTree::Ident(word) if word == "use" => {
                let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ';');
                let import = iter::from_fn(|| tokens.next_if(|token| !is_end(token)));
                names.extend(renames(import.collect()));
            }
            TokenTree::Group(group) => find(group.stream(), names, removed),
            _ => {}
        }
    }
}

/// The other names that an import gives to attributes of ours: `concurra::{task as job, State}`.
fn renames(import: TokenStream) -> Vec<(String, Kind)> {
    fn words(tokens: TokenStream, found: &mut Vec<String>) {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => found.push(word.to_string()),
                TokenTree::Group(group) => words(group.stream(), found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    words(import, &mut found);
    if !found.iter().any(|word| word == "concurra") {
        return Vec::new();
    }
    let renamed = found.windows(3).filter(|words| words[1] == "as");
    renamed.filter_map(|words| Some((words[2].clone(), Kind::named(&words[0])?))).collect()
}

fn is_attribute(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
}

/// The path at the beginning of an attribute.
fn path(attribute: TokenStream) -> String {
    let words = attribute.into_iter().map_while(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        TokenTree::Punct(mark) if mark.as_char() == ':' => Some(":".to_owned()),
        _ => None,
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(source: &str) -> Vec<String> {
        let all = in_source(source).into_iter();
        all.map(|it| {
            let function = it.function.as_deref().unwrap_or("$");
            format!("{} {} {function}", it.test, it.kind.name())
        })
        .collect()
    }

    #[test]
    fn attributes_below_a_test_are_found() {
        for (source, found) in [
            ("#[test] #[task] fn a() {}", "test task a"),
            ("#[test]\n/// Loads.\n#[inline]\n#[concurra::setup]\npub fn a() {}", "test setup a"),
            (
                "mod x { #[tokio::test(flavor = \"x\")] #[task(serial)] async fn a() {} }",
                "tokio::test task a",
            ),
            (
                "#[std::prelude::v1::test] #[::concurra::task] const unsafe fn a() {}",
                "std::prelude::v1::test task a",
            ),
            ("#[bench] #[teardown] fn r#type() {}", "bench teardown r#type"),
            ("macro_rules! m { ($n:ident) => { #[test] #[task] fn $n() {} } }", "test task $"),
            ("use concurra::task as job; #[test] #[job] fn a() {}", "test task a"),
            (
                "mod x { use {std::fs, concurra::{State, setup as first}}; #[test] #[first] fn a() {} }",
                "test setup a",
            ),
            ("#!/bin/sh -c 'mtrun\n#![allow(unused)]\n#[test] #[task] fn a() {}", "test task a"),
            ("\u{feff}#![allow(unused)] #[test] #[task] fn a() {}", "test task a"),
            ("fn main() { #[test] #[task] fn a() {} }", "test task a"),
        ] {
            assert_eq!(removed(source), [found], "{source}");
        }
    }

    #[test]
    fn nothing_else_is_found() {
        for source in [
            "#[task] #[test] fn a() {}",
            "#[test] fn a() {} #[task] fn b() {}",
            "#[test] #[rtic::task] fn a() {}",
            "// #[test] #[task] fn a() {}\nconst A: &str = \"#[test] #[task] fn a() {}\";",
            "/// #[test] #[task] fn a() {}\n#[task] fn b() {}",
            "#[cfg(test)] #[task] fn a() {}",
            "#[cfg_attr(any(), test)] #[task] fn a() {}",
            "#[test] #[task] fn unfinished( {",
        ] {
            assert!(removed(source).is_empty(), "{source}: {:?}", removed(source));
        }
    }
}
