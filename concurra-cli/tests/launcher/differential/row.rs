//! A row of the table: a workspace, the current folder in it, and a command line.

use std::fs;
use std::path::{Path, PathBuf};

use super::seen::Seen;
use crate::support::{Call, Place, Ran};

/// A command line, and the folder of the call.
#[must_use]
pub(super) struct Row {
    /// The words behind `mtrun`.
    mtrun: String,
    /// The calls of cargo that do the same.
    cargo: Vec<String>,
    from: &'static str,
    variables: Vec<(String, String)>,
    /// Where cargo builds, when that is not the place's own target folder.
    target: Option<&'static str>,
    /// Whether a program fails, or cargo refuses the command line.
    fails: bool,
}

/// `mtrun` with these words, and `cargo test` with them.
pub(super) fn test(words: &str) -> Row {
    calls(words, &[&format!("test --tests --no-fail-fast {words}")])
}

/// `mtrun` with these words, and these calls of cargo.
pub(super) fn calls(mtrun: &str, cargo: &[&str]) -> Row {
    Row {
        mtrun: mtrun.to_owned(),
        cargo: cargo.iter().map(|&words| words.to_owned()).collect(),
        from: "",
        variables: Vec::new(),
        target: None,
        fails: false,
    }
}

impl Row {
    /// The current folder.
    pub(super) fn from(self, from: &'static str) -> Self {
        Self { from, ..self }
    }

    /// The variable is set outside.
    pub(super) fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Cargo is to build in this folder by a relative path.
    pub(super) fn builds_in(self, target: &'static str) -> Self {
        Self { target: Some(target), ..self }
    }

    /// Cargo ends with an error.
    pub(super) fn fails(self) -> Self {
        Self { fails: true, ..self }
    }

    /// Runs `mtrun`, cargo, and `mtrun` with nothing changed, and compares.
    #[track_caller]
    pub(super) fn check(&self, name: &str, lay: impl Fn(&Place), runs: &str) {
        let place = if self.target.is_some() { Place::bare(name) } else { Place::new(name) };
        lay(&place);
        if let Some(target) = self.target {
            place.built(&place.path(target));
        }
        let ours = self.mtrun(&place);
        let folders = target_folders(&place.folder());
        let cargo = self.cargo(&place);
        assert_eq!(cargo.seen.targets(), runs, "cargo ran:\n{}", cargo.errors());
        assert_eq!(cargo.fails, self.fails, "whether cargo failed:\n{}", cargo.errors());
        let mut lines = ours.differences(&cargo, "first");
        if let Some(target) = self.target {
            let target = place.path(target);
            assert!(cargo.seen.lies_in(&target), "cargo built elsewhere than in {target:?}");
            if folders != [target] {
                lines.push(format!("mtrun built in {folders:?}"));
            }
        }
        let again = self.mtrun(&place);
        lines.extend(again.differences(&cargo, "again"));
        let errors = ours.errors();
        assert!(lines.is_empty(), "mtrun {}\n{}\n{errors}", self.mtrun, lines.join("\n"));
    }

    fn mtrun(&self, place: &Place) -> Done {
        self.all(place, &[&self.mtrun], |words| place.mtrun(words))
    }

    fn cargo(&self, place: &Place) -> Done {
        let calls = self.cargo.iter().map(String::as_str).collect::<Vec<_>>();
        self.all(place, &calls, |words| place.cargo(words))
    }

    fn all(&self, place: &Place, calls: &[&str], start: impl Fn(&[&str]) -> Call) -> Done {
        let notes = place.cache().with_file_name("notes");
        // There are none before the first call.
        let _ = fs::remove_dir_all(&notes);
        fs::create_dir_all(&notes).expect("a folder");
        let here = place.folder().display().to_string();
        let calls = calls.iter().map(|words| {
            let words = words.split_whitespace().map(|word| word.replace("{here}", &here));
            let words = words.collect::<Vec<_>>();
            let mut call = start(&words.iter().map(String::as_str).collect::<Vec<_>>());
            call = call.from(self.from).env("PROBE_DIR", &notes);
            if self.target.is_some() {
                call = call.without("CARGO_TARGET_DIR");
            }
            let set = self.variables.iter();
            set.fold(call, |call, (name, value)| call.env(name, value.replace("{here}", &here)))
                .run()
        });
        let calls = calls.collect::<Vec<_>>();
        let fails = calls.iter().any(|ran| ran.code != Some(0));
        Done { seen: Seen::read(&notes), fails, calls }
    }
}

/// The results of a row's calls.
struct Done {
    seen: Seen,
    fails: bool,
    calls: Vec<Ran>,
}

impl Done {
    fn errors(&self) -> String {
        self.calls.iter().map(|ran| ran.err.as_str()).collect()
    }

    fn differences(&self, cargo: &Self, which: &str) -> Vec<String> {
        let mut lines = self.seen.differences(&cargo.seen);
        if self.fails != cargo.fails {
            let codes = |done: &Self| done.calls.iter().map(|ran| ran.code).collect::<Vec<_>>();
            lines.push(format!("ends with {:?}, cargo with {:?}", codes(self), codes(cargo)));
        }
        lines.iter().map(|line| format!("{which}: {line}")).collect()
    }
}

/// The folders that cargo made to build in.
fn target_folders(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.join("debug").is_dir() {
            found.push(path);
        } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(target_folders(&path));
        }
    }
    found.sort();
    found
}
