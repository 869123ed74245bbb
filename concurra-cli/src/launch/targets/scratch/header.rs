//! The comment at the top of a scratch file, in which lines name dependencies.

use std::path::Path;

use toml_edit::{DocumentMut, Item, value};

use super::source::has_shebang;
use crate::launch::error::LaunchError;

/// The comment at the top of a scratch file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) lines: Vec<Line>,
}

/// A line that names a dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    number: usize,
    /// As written.
    text: String,
    /// The names of the dependencies: one, in lines as people write them.
    keys: Vec<String>,
    /// As the hidden manifest has it.
    entry: String,
}

impl Header {
    /// Reads the lines before the first that is neither blank nor a comment. Those of the form
    /// `//# KEY = VALUE` name dependencies; any other comment is for people.
    pub(super) fn parse(source: &str, file: &Path) -> Result<Self, LaunchError> {
        let marked = top_comments(source).into_iter();
        let marked =
            marked.filter_map(|(number, line)| Some((number, line.strip_prefix("//#")?.trim())));
        let lines = marked.filter(|(_, text)| names_something(text));
        let lines = lines.map(|(number, text)| Line::parse(number, text, file));
        Ok(Self { lines: lines.collect::<Result<_, _>>()? })
    }

    /// Whether a line names the dependency.
    pub(super) fn names(&self, key: &str) -> bool {
        self.lines.iter().any(|line| line.keys.iter().any(|own| own == key))
    }

    /// The lines as the hidden manifest has them.
    pub(super) fn dependencies(&self) -> String {
        self.lines.iter().map(|line| format!("{}\n", line.entry)).collect()
    }

    /// The line that cargo refuses, and its text: the one that cargo shows, else the one of which
    /// it names the most.
    pub(super) fn refused(&self, stderr: &str) -> Option<(usize, String)> {
        let is_named = |term: &&str| {
            let forms = [format!("`{term}`"), format!("({term})"), format!("`{term} ")];
            forms.iter().any(|form| stderr.contains(form))
        };
        let named = |line: &&Line| {
            let texts = line.entry.split(['"', '\'']).skip(1).step_by(2);
            line.keys.iter().map(String::as_str).chain(texts).filter(is_named).count()
        };
        let shown =
            self.lines.iter().rev().find(|line| stderr.contains(&format!("| {}\n", line.entry)));
        let most = || self.lines.iter().rev().filter(|line| named(line) > 0).max_by_key(named);
        shown.or_else(most).map(|line| (line.number, line.text.clone()))
    }
}

impl Line {
    fn parse(number: usize, text: &str, file: &Path) -> Result<Self, LaunchError> {
        let mut table = text.parse::<DocumentMut>().map_err(|error| {
            let why = error.message().lines().next().unwrap_or_default().to_owned();
            let (path, text) = (file.to_owned(), text.to_owned());
            LaunchError::DependencyLine { path, line: number, text, why }
        })?;
        let folder = file.parent().unwrap_or(Path::new("/"));
        for (_, dependency) in table.iter_mut() {
            let path = dependency.get_mut("path").filter(|path| path.is_str());
            if let Some(path) = path {
                make_absolute(path, folder);
            }
        }
        let keys = table.iter().map(|(key, _)| key.to_owned()).collect();
        let entry = table.to_string().trim().to_owned();
        Ok(Self { number, text: text.to_owned(), keys, entry })
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
            let Some(at) = rest
                .match_indices(['/', '*'])
                .map(|(at, _)| at)
                .find(|at| rest[*at..].starts_with("/*") || rest[*at..].starts_with("*/"))
            else {
                break;
            };
            depth = if rest[at..].starts_with("/*") { depth + 1 } else { depth.saturating_sub(1) };
            rest = rest[at + 2..].trim_start();
        }
    }
    comments
}

/// Paths count from the scratch file, not from its hidden manifest.
fn make_absolute(path: &mut Item, folder: &Path) {
    let absolute = folder.join(path.as_str().unwrap_or_default());
    *path = value(absolute.display().to_string());
}

/// Whether the text has the form `KEY = VALUE`.
fn names_something(text: &str) -> bool {
    let Some((key, _)) = text.split_once('=') else { return false };
    let of_key = |letter: char| letter.is_alphanumeric() || "-_.\"' \t".contains(letter);
    let is_quoted = key.starts_with(['"', '\'']);
    key.chars().all(of_key) && (is_quoted || key.split_whitespace().count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(source: &str) -> Header {
        Header::parse(source, Path::new("/x/job.rs")).expect("a header")
    }

    fn entries(source: &str) -> Vec<(usize, String)> {
        header(source).lines.into_iter().map(|line| (line.number, line.entry)).collect()
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
    fn other_comments_name_nothing() {
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
        let error = Header::parse("// top\n//# a = 1\"\n", Path::new("/x/job.rs"));
        let Err(LaunchError::DependencyLine { line, text, .. }) = error else {
            panic!("{error:?}");
        };
        assert_eq!((line, text.as_str()), (2, "a = 1\""));
    }

    #[test]
    fn what_cargo_refuses_is_found_by_its_place_and_by_its_name() {
        let header = header("//# a = \"1\"\n//# b = \"2\"\n");
        let refused = |why: &str| header.refused(why).map(|(line, _)| line);
        assert_eq!(refused("error: bad\n --> Cargo.toml:4:1\n  |\n4 | b = \"2\"\n  | ^"), Some(2));
        assert_eq!(refused("error: no matching package named `a` found"), Some(1));
        assert_eq!(refused("error: package `x` depends on `b` with feature `2`"), Some(2));
        assert_eq!(refused("error: bad\n --> /c/Cargo.toml:1:1\n"), None);
        assert_eq!(refused("error: the network is down"), None);
    }
}
