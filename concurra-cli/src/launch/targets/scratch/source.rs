//! The Rust source of a scratch file, and the lines in the comment at its top that name dependencies.

use std::fs;
use std::io;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use toml_edit::{DocumentMut, Key, value};

use crate::launch::error::LaunchError;

/// A line that names a dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    number: usize,
    /// As written.
    text: String,
    /// The name of the dependency.
    pub(super) key: String,
    /// As the hidden manifest has it.
    pub(super) entry: String,
}

/// Reads the file, without the mark that some editors put first.
pub(super) fn read(file: &Path) -> Result<String, LaunchError> {
    // The manifest of its package names it.
    let name = file.to_str().ok_or_else(|| io::Error::other("its path is not valid Unicode"));
    let source = name.and_then(fs::read_to_string).map_err(|source| {
        let (path, suggestions) = (file.to_owned(), Vec::new());
        LaunchError::NoFile { path, source, suggestions }
    })?;
    Ok(source.strip_prefix('\u{feff}').map_or_else(|| source.clone(), str::to_owned))
}

/// Whether the file begins with the program that runs it; `#![..]` is an attribute.
pub(super) fn has_shebang(source: &str) -> bool {
    source.strip_prefix("#!").is_some_and(|rest| !rest.trim_start().starts_with('['))
}

/// Whether the file itself calls `main!`: not in a comment, a text, or the body of something else.
/// A file that is not valid Rust calls nothing.
pub(super) fn has_main(source: &str) -> bool {
    // As a comment, the first line of a program is Rust.
    let code = if has_shebang(source) { format!("//{source}") } else { source.to_owned() };
    let tokens = code.parse::<TokenStream>().unwrap_or_default().into_iter().collect::<Vec<_>>();
    tokens.windows(2).any(|pair| match pair {
        [TokenTree::Ident(name), TokenTree::Punct(mark)] => name == "main" && mark.as_char() == '!',
        _ => false,
    })
}

/// The lines of the form `//# KEY = VALUE` before the first item and the first attribute. Any other
/// comment is for people.
pub(super) fn dependency_lines(source: &str, file: &Path) -> Result<Vec<Line>, LaunchError> {
    let comments = top_comments(source).into_iter();
    let marked =
        comments.filter_map(|(number, line)| Some((number, line.strip_prefix("//#")?.trim())));
    let lines = marked
        .filter(|(_, text)| text.split_once('=').is_some_and(|(key, _)| Key::parse(key).is_ok()));
    lines.map(|(number, text)| Line::parse(number, text, file)).collect()
}

/// The line that cargo rejects, and its text: the one that cargo shows, else the one from which
/// cargo repeats the most names.
pub(super) fn rejected(lines: &[Line], stderr: &str) -> Option<(usize, String)> {
    let is_named = |term: &&str| {
        let forms = [format!("`{term}`"), format!("({term})"), format!("`{term} ")];
        forms.iter().any(|form| stderr.contains(form))
    };
    let names = |line: &&Line| {
        let texts = line.entry.split(['"', '\'']).skip(1).step_by(2);
        texts.chain([line.key.as_str()]).filter(is_named).count()
    };
    let mut latest = lines.iter().rev();
    let shown = latest.clone().find(|line| stderr.contains(&format!("| {}\n", line.entry)));
    let most = || latest.by_ref().filter(|line| names(line) > 0).max_by_key(names);
    shown.or_else(most).map(|line| (line.number, line.text.clone()))
}

impl Line {
    fn parse(number: usize, text: &str, file: &Path) -> Result<Self, LaunchError> {
        let mut table = text.parse::<DocumentMut>().map_err(|error| {
            let why = error.message().lines().next().unwrap_or_default().to_owned();
            let (path, text) = (file.to_owned(), text.to_owned());
            LaunchError::DependencyLine { path, line: number, text, why }
        })?;
        let mut name = String::new();
        for (key, dependency) in table.iter_mut() {
            key.get().clone_into(&mut name);
            // Paths count from the scratch file, not from its hidden manifest.
            if let Some(path) = dependency.get_mut("path")
                && let Some(relative) = path.as_str()
            {
                *path = value(file.with_file_name(relative).display().to_string());
            }
        }
        let entry = table.to_string().trim().to_owned();
        Ok(Self { number, text: text.to_owned(), key: name, entry })
    }
}

/// The line comments before the first item and the first attribute, with their numbers.
fn top_comments(source: &str) -> Vec<(usize, &str)> {
    let (mut comments, mut depth) = (Vec::new(), 0_usize);
    for (number, line) in (1..).zip(source.lines()).skip(usize::from(has_shebang(source))) {
        let mut rest = line.trim();
        while !rest.is_empty() {
            // `///` and `/**` document an item.
            let is_of_item = rest.starts_with("///") || rest.starts_with("/**");
            if depth == 0 && rest.starts_with("//") && !is_of_item {
                comments.push((number, rest));
                break;
            } else if depth == 0 && (is_of_item || !rest.starts_with("/*")) {
                return comments;
            }
            let marks = ["/*", "*/"].map(|mark| rest.find(mark).unwrap_or(rest.len()));
            let [opens, closes] = marks;
            if opens == closes {
                break;
            }
            depth = if opens < closes { depth + 1 } else { depth.saturating_sub(1) };
            rest = rest[opens.min(closes) + 2..].trim_start();
        }
    }
    comments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_in_code_counts() {
        for source in [
            "concurra::main!();",
            "#!/usr/bin/env mtrun\nuse concurra::main;\nmain! { workers = 2 }",
            "concurra :: main ! [];",
            "#![allow(unused)]\n/* a /* b */ */ #[cfg(unix)] concurra::main!();",
        ] {
            assert!(has_main(source), "{source}");
        }
    }

    #[test]
    fn main_elsewhere_does_not() {
        for source in [
            "// concurra::main!();\nfn main() {}",
            "/* concurra::main!(); */",
            "//! concurra::main!();",
            "/** concurra::main!(); */ fn a() {}",
            "const A: &str = \"concurra::main!();\";",
            "const A: &str = r##\"concurra::main!();\"##;",
            "macro_rules! a { () => { concurra::main!(); } }",
            "my_main!();",
        ] {
            assert!(!has_main(source), "{source}");
        }
    }

    fn lines(source: &str) -> Vec<Line> {
        dependency_lines(source, Path::new("/x/job.rs")).expect("lines")
    }

    fn entries(source: &str) -> Vec<(usize, String)> {
        lines(source).into_iter().map(|line| (line.number, line.entry)).collect()
    }

    #[test]
    fn only_the_comment_at_the_top_counts() {
        let source = "#!/usr/bin/env mtrun\n//! What it does.\n\n//# a = \"1\"\n// note\n\
                      //# b = { version = \"2\" }\nfn x() {}\n//# c = \"3\"\n";
        let expected = [(4, "a = \"1\"".to_owned()), (6, "b = { version = \"2\" }".to_owned())];
        assert_eq!(entries(source), expected);
        assert_eq!(entries("/* one\n/* two */ */\n//# a = 1\n").len(), 1);
        assert!(entries("#![allow(unused)]\n//# a = \"1\"").is_empty());
    }

    #[test]
    fn other_comments_name_no_dependencies() {
        for comment in
            ["//#[derive(Debug)]", "//# note", "//# if a == b", "//#", "//# two words = 1"]
        {
            assert!(entries(comment).is_empty(), "{comment}");
        }
    }

    #[test]
    fn paths_count_from_the_file() {
        let of = |line: &str| entries(line).remove(0).1;
        assert_eq!(of("//# dep = { path = \"../dep\" }"), "dep = { path = \"/x/../dep\" }");
        assert_eq!(of("//# dep.path = \"dep\""), "dep.path = \"/x/dep\"");
        assert_eq!(of("//# dep = { path = \"/abs\" }"), "dep = { path = \"/abs\" }");
    }

    #[test]
    fn a_line_that_is_not_toml_is_an_error() {
        let error = dependency_lines("// top\n//# a = 1\"\n", Path::new("/x/job.rs"));
        let Err(LaunchError::DependencyLine { line, text, .. }) = error else {
            panic!("{error:?}");
        };
        assert_eq!((line, text.as_str()), (2, "a = 1\""));
    }

    #[test]
    fn a_rejected_line_is_found_by_its_place_and_by_its_name() {
        let lines = lines("//# a = \"1\"\n//# b = \"2\"\n");
        let rejected = |why: &str| rejected(&lines, why).map(|(line, _)| line);
        assert_eq!(rejected("error: bad\n --> Cargo.toml:4:1\n  |\n4 | b = \"2\"\n  | ^"), Some(2));
        assert_eq!(rejected("error: no matching package named `a` found"), Some(1));
        assert_eq!(rejected("error: package `x` depends on `b` with feature `2`"), Some(2));
        assert_eq!(rejected("error: bad\n --> /c/Cargo.toml:1:1\n"), None);
        assert_eq!(rejected("error: the network is down"), None);
    }
}
