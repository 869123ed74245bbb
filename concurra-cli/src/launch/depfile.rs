//! What the compiler read, from the `.d` files that it and cargo leave.
//!
//! There are two dialects of one grammar. rustc writes a line per output, an empty one per source,
//! and the variables it read in comments; its paths are relative to where it ran. Cargo writes a
//! single line with absolute paths, path dependencies included.

use std::path::{Path, PathBuf};

/// What a `.d` file lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Depfile {
    /// The sources, absolute.
    pub(super) files: Vec<PathBuf>,
    /// Variables whose values were compiled in.
    pub(super) variables: Vec<String>,
}

impl Depfile {
    /// Reads either dialect; `base` is where relative paths start.
    pub(super) fn parse(text: &str, base: &Path) -> Self {
        let mut found = Self::default();
        for line in text.lines() {
            if let Some(variable) = line.strip_prefix("# env-dep:") {
                let name = variable.split('=').next().unwrap_or_default();
                found.variables.push(name.to_owned());
            } else if let Some((_, sources)) = split_rule(line) {
                found.files.extend(words(sources).into_iter().map(|word| base.join(word)));
            }
        }
        found.files.sort_unstable();
        found.files.dedup();
        found
    }
}

/// `target: sources`; a colon inside a path is not followed by a blank.
fn split_rule(line: &str) -> Option<(&str, &str)> {
    if line.starts_with('#') {
        return None;
    }
    line.split_once(": ").or_else(|| line.strip_suffix(':').map(|target| (target, "")))
}

/// Words between blanks; a blank after a backslash belongs to the word.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let word = words.last_mut().expect("there is always a last word");
        match letter {
            '\\' if letters.peek() == Some(&' ') => word.extend(letters.next()),
            ' ' | '\t' => words.push(String::new()),
            letter => word.push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(texts: &[&str]) -> Vec<PathBuf> {
        texts.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn the_dialect_of_rustc() {
        let text = "\
/t/debug/deps/orders-1.d: tests/orders.rs tests/with\\ blank.rs /abs/x.rs

/t/debug/deps/orders-1: tests/orders.rs tests/with\\ blank.rs /abs/x.rs

tests/orders.rs:
tests/with\\ blank.rs:
/abs/x.rs:

# env-dep:CARGO_MANIFEST_DIR=/w
# env-dep:GREETING
";
        let found = Depfile::parse(text, Path::new("/w"));
        let expected = paths(&["/abs/x.rs", "/w/tests/orders.rs", "/w/tests/with blank.rs"]);
        assert_eq!(found.files, expected);
        assert_eq!(found.variables, ["CARGO_MANIFEST_DIR", "GREETING"]);
    }

    #[test]
    fn the_dialect_of_cargo() {
        let text = "/t/debug/examples/a\\ b: /w/examples/a\\ b.rs /w/src/lib.rs /other/lib.rs\n";
        let found = Depfile::parse(text, Path::new("/elsewhere"));
        assert_eq!(found.files, paths(&["/other/lib.rs", "/w/examples/a b.rs", "/w/src/lib.rs"]));
        assert!(found.variables.is_empty());
    }

    #[test]
    fn an_empty_file_lists_nothing() {
        assert_eq!(Depfile::parse("", Path::new("/")), Depfile::default());
    }
}
