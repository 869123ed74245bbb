//! The words on the command line: files, files with a task, and names.

mod file;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use concurra_core::nearest::nearest;

pub(crate) use file::{File, manifest_above, module_of, with_real_folder};

use super::error::LaunchError;

/// The usual folders of targets.
const FOLDERS: [&str; 4] = ["tests", "examples", "src/bin", "src"];

/// A word of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// `file.rs` or `file.rs::task`.
    File { file: File, task: Option<String> },
    /// A target's name, or a filter for tasks' names.
    Name(String),
}

impl Word {
    /// Reads a word; relative paths start in `base`.
    pub(crate) fn parse(text: &str, base: &Path) -> Result<Self, LaunchError> {
        let (file, task) = match text.split_once(".rs::") {
            // A forgotten name must not run all tasks of the file.
            Some((_, "")) => {
                let file = text.trim_end_matches(':').to_owned();
                return Err(LaunchError::NoTask { file });
            }
            Some((stem, task)) => (format!("{stem}.rs"), Some(task.to_owned())),
            None if text.ends_with(".rs") => (text.to_owned(), None),
            None => return Ok(Self::Name(text.to_owned())),
        };
        let path = base.join(file);
        File::find(&path).map(|file| Self::File { file, task }).map_err(|source| {
            let suggestions = files_like(&path, base);
            LaunchError::NoFile { path, source, suggestions }
        })
    }
}

/// Files with a similar name beside the missing one, in `base` and in its package, as a person in
/// `base` would write them.
fn files_like(missing: &Path, base: &Path) -> Vec<String> {
    let package = manifest_above(base);
    let roots = package.as_deref().and_then(Path::parent).into_iter().chain([base]);
    let folders = roots.flat_map(|root| FOLDERS.map(|folder| root.join(folder)));
    let folders = folders.chain(missing.parent().map(Path::to_owned));
    let entries = folders.flat_map(fs::read_dir).flatten().flatten().map(|entry| entry.path());
    let files = entries.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let files = files.collect::<BTreeSet<_>>();
    let stems = files.iter().filter_map(|path| stem(path));
    let similar = nearest(stem(missing).unwrap_or_default(), stems).into_iter();
    let similar =
        similar.flat_map(|name| files.iter().filter(move |path| stem(path) == Some(name)));
    similar.map(|path| path.strip_prefix(base).unwrap_or(path).display().to_string()).collect()
}

/// The name without its ending, which is always `.rs`.
fn stem(path: &Path) -> Option<&str> {
    path.file_stem()?.to_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let folder = tempfile::tempdir().expect("a folder");
        let base = folder.path().canonicalize().expect("a path");
        fs::write(base.join("a.rs"), "").expect("a file");
        let word = |text| Word::parse(text, &base).expect("a word");
        let file = |task: Option<&str>| Word::File {
            file: File::find(&base.join("a.rs")).expect("a file"),
            task: task.map(str::to_owned),
        };
        assert_eq!(word("a.rs"), file(None));
        assert_eq!(word("./a.rs::db::migrate"), file(Some("db::migrate")));
        assert_eq!(word("orders"), Word::Name("orders".to_owned()));
        assert_eq!(word("db::migrate"), Word::Name("db::migrate".to_owned()));
        for wrong in ["b.rs", "a.rs::"] {
            assert!(Word::parse(wrong, &base).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_file_of_the_same_name_comes_before_similar_ones() {
        let folder = tempfile::tempdir().expect("a folder");
        let base = folder.path();
        for file in ["Cargo.toml", "examples/ship.rs", "tests/shop.rs"] {
            let file = base.join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, "").expect("a file");
        }
        let like = |file: &str| files_like(&base.join(file), &base.join("tests"));
        let ship = base.join("examples/ship.rs").display().to_string();
        assert_eq!(like("ship.rs"), [ship.as_str(), "shop.rs"]);
        assert_eq!(like("tests/shopp.rs"), ["shop.rs"]);
        assert!(like("far_away.rs").is_empty());
    }
}
