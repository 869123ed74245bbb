//! The words on the command line: files, files with a task, and names.

mod file;
mod similar;

use std::path::Path;

pub(crate) use file::{File, manifest_above, module_of, with_real_folder};

use super::error::LaunchError;

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
            let suggestions = similar::files_like(&path, base);
            LaunchError::NoFile { path, source, suggestions }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let folder = tempfile::tempdir().expect("a folder");
        let base = folder.path().canonicalize().expect("a path");
        std::fs::write(base.join("a.rs"), "").expect("a file");
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
}
