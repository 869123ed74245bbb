//! What the words on the command line mean: files, targets' names, and filters for the rest.

use std::path::{Path, PathBuf};

use super::error::LaunchError;
use super::file::File;
use super::offer;

/// A target that may have the runner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The package's name.
    pub(super) package: String,
    /// The package's id, as cargo tells packages apart.
    pub(super) package_id: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    /// The root of its sources.
    pub(super) source: PathBuf,
}

/// The kinds of targets, in the order in which a name is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Test,
    Example,
    Bin,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Test, Self::Example, Self::Bin];

    /// As cargo names it, also in its options.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Example => "example",
            Self::Bin => "bin",
        }
    }

    /// Where a person puts one.
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Test => "a file in tests/",
            Self::Example => "a file in examples/",
            Self::Bin => "src/main.rs",
        }
    }
}

/// A word of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// `file.rs` or `file.rs::task`.
    File { file: File, task: Option<String> },
    /// A target's name or a filter.
    Name(String),
}

impl Word {
    pub(super) fn parse(text: &str, base: &Path) -> Result<Self, LaunchError> {
        let (file, task) = match text.split_once(".rs::") {
            // Half a word must not stand for all tasks of the file.
            Some((_, "")) => {
                let file = text.trim_end_matches(':').to_owned();
                return Err(LaunchError::NoTask { file });
            }
            Some((stem, task)) => (format!("{stem}.rs"), Some(task.to_owned())),
            None if text.ends_with(".rs") => (text.to_owned(), None),
            None => return Ok(Self::Name(text.to_owned())),
        };
        let path = base.join(file);
        match File::find(&path) {
            Ok(file) => Ok(Self::File { file, task }),
            Err(source) => {
                let offers = offer::files_like(&path, base);
                Err(LaunchError::NoFile { path, source, offers })
            }
        }
    }
}

/// A run of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) target: Target,
    /// Only this task of it.
    pub(super) task: Option<String>,
    /// The module of the file that was named with the task, when that is not the target's root.
    pub(super) module: Option<String>,
}

impl Job {
    /// A run of the whole target.
    pub(super) const fn whole(target: Target) -> Self {
        Self { target, task: None, module: None }
    }
}

/// The targets that a file belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Owner<'a> {
    One(&'a Target),
    Many(Vec<&'a Target>),
    None,
}

/// Finds the target of a file: the one whose root it is, else those in whose folder it lies.
///
/// A file in a folder of its own (`tests/it/db.rs` beside `tests/it/main.rs`) has one; a file in a
/// folder that many roots share (`tests/common/mod.rs`) may belong to any of them. What lies beside
/// a `lib.rs` is the library's, never the binary's: naming it must not deploy anything.
pub(super) fn owner<'a>(path: &Path, targets: &'a [Target]) -> Owner<'a> {
    if let Some(target) = targets.iter().find(|target| target.source == path) {
        return Owner::One(target);
    }
    let folder = |target: &Target| target.source.parent().map(Path::to_owned).unwrap_or_default();
    let of_library = library_above(path);
    let around = targets.iter().filter(|target| path.starts_with(folder(target)));
    let around = around.filter(|target| Some(folder(target).as_path()) != of_library);
    let nearest = around.clone().map(|target| folder(target).components().count()).max();
    let owners = around.filter(|target| Some(folder(target).components().count()) == nearest);
    match owners.collect::<Vec<_>>()[..] {
        [] => Owner::None,
        [only] => Owner::One(only),
        ref many => Owner::Many(many.to_vec()),
    }
}

/// Whether the file is a library's.
pub(super) fn in_library(path: &Path) -> bool {
    library_above(path).is_some()
}

/// The folder of the library that the file belongs to.
fn library_above(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find(|folder| folder.join("lib.rs").is_file())
}

/// The targets with this name; tests win over examples, and examples over binaries.
pub(super) fn named<'a>(name: &str, targets: &'a [Target]) -> Vec<&'a Target> {
    let of_kind = |kind| {
        let of_kind = targets.iter().filter(move |target| target.kind == kind);
        of_kind.filter(|target| target.name == name).collect::<Vec<_>>()
    };
    Kind::ALL.into_iter().map(of_kind).find(|found| !found.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(kind: Kind, package: &str, source: &str) -> Target {
        let source = PathBuf::from(source);
        let stem = source.file_stem().expect("a file").to_string_lossy().into_owned();
        let parent = source.parent().and_then(Path::file_name).expect("a folder");
        let name = if stem == "main" { parent.to_string_lossy().into_owned() } else { stem };
        let package = package.to_owned();
        Target { package_id: package.clone(), package, kind, name, source }
    }

    fn targets() -> Vec<Target> {
        vec![
            target(Kind::Bin, "shop", "/w/src/bin/orders.rs"),
            target(Kind::Example, "shop", "/w/examples/tour.rs"),
            target(Kind::Test, "shop", "/w/tests/orders.rs"),
            target(Kind::Test, "shop", "/w/tests/stock.rs"),
            target(Kind::Test, "shop", "/w/tests/it/main.rs"),
            target(Kind::Test, "mail", "/w/mail/tests/stock.rs"),
        ]
    }

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

    #[test]
    fn the_target_of_a_file() {
        let targets = targets();
        let owner = |path: &str| owner(Path::new(path), &targets);
        assert_eq!(owner("/w/tests/orders.rs"), Owner::One(&targets[2]));
        assert_eq!(owner("/w/tests/it/db/mod.rs"), Owner::One(&targets[4]));
        assert_eq!(owner("/w/tests/common/mod.rs"), Owner::Many(vec![&targets[2], &targets[3]]));
        assert_eq!(owner("/w/notes.rs"), Owner::None);
    }

    #[test]
    fn a_name_is_a_tests_before_an_examples_before_a_binarys() {
        let targets = targets();
        assert_eq!(named("orders", &targets), [&targets[2]]);
        assert_eq!(named("tour", &targets), [&targets[1]]);
        assert_eq!(named("stock", &targets), [&targets[3], &targets[5]]);
        assert!(named("order", &targets).is_empty());
    }
}
