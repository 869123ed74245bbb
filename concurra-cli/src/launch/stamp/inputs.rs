//! The files and variables that a build depended on, as they were.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::cargo::variable;
use crate::launch::fingerprint::Fingerprint;

/// Everything that a build depended on, as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inputs {
    /// Files and folders; a file that was missing must still be missing.
    files: BTreeMap<Input, Option<Fingerprint>>,
    variables: BTreeMap<String, Option<String>>,
    /// Which of the files the build made.
    #[serde(skip)]
    outputs: BTreeSet<Input>,
}

/// The path of an input, in the order of its bytes. Paths themselves compare part by part, which would take
/// most of the time in which `mtrun` reads a stamp.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Input(PathBuf);

impl PartialEq for Input {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Input {}

impl Ord for Input {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.as_os_str().cmp(other.0.as_os_str())
    }
}

impl PartialOrd for Input {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Inputs {
    pub(super) fn add(&mut self, path: impl Into<PathBuf>) {
        let entry = self.files.entry(Input(path.into()));
        entry.or_insert_with_key(|input| Fingerprint::of(&input.0));
    }

    /// Adds a file that the build itself made.
    pub(super) fn add_output(&mut self, path: impl Into<PathBuf>) {
        let path = path.into();
        self.outputs.insert(Input(path.clone()));
        self.add(path);
    }

    pub(super) fn add_variable(&mut self, name: impl Into<String>) {
        self.variables.entry(name.into()).or_insert_with_key(|name| variable(name));
    }

    /// Whether every file and variable is as it was.
    pub(super) fn are_unchanged(&self) -> bool {
        self.files.iter().all(|(input, found)| *found == Fingerprint::of(&input.0))
            && self.variables.iter().all(|(name, value)| *value == variable(name))
    }

    /// Whether no source changed while cargo ran: cargo may have read either state of such a file.
    pub(crate) fn are_older_than(&self, moment: SystemTime) -> bool {
        let sources = self.files.iter().filter(|(input, _)| !self.outputs.contains(*input));
        sources.filter_map(|(_, found)| *found).all(|found| found.is_older_than(moment))
    }

    /// Adds the inputs of another build; none when a common input changed between the two builds.
    pub(crate) fn merge(mut self, other: Self) -> Option<Self> {
        for (input, found) in other.files {
            let is_output = other.outputs.contains(&input);
            let known = self.files.insert(input, found);
            known.is_none_or(|known| is_output || known == found).then_some(())?;
        }
        let is_same = |(name, value)| self.variables.get(name).is_none_or(|known| known == value);
        let are_same = other.variables.iter().all(is_same);
        self.variables.extend(other.variables);
        are_same.then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn inputs_are_unchanged_until_something_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let (a, absent, listing) = (folder.join("a"), folder.join("absent"), folder.join("tests"));
        fs::write(&a, "text").expect("a file");
        fs::create_dir(&listing).expect("a folder");
        let recorded = || {
            let mut inputs = Inputs::default();
            [&a, &absent, &listing].into_iter().for_each(|path| inputs.add(path));
            inputs.add_variable("PATH");
            inputs.add_variable("CONCURRA_NO_SUCH_VARIABLE");
            assert!(inputs.are_unchanged());
            inputs
        };
        let changes: [(&str, &dyn Fn()); 4] = [
            ("another text", &|| fs::write(&a, "texts").expect("a file")),
            ("a file that was missing", &|| fs::write(&absent, "").expect("a file")),
            ("a new file in a folder", &|| fs::write(listing.join("x.rs"), "").expect("a file")),
            ("a missing file", &|| fs::remove_file(&a).expect("removed")),
        ];
        for (name, change) in changes {
            let inputs = recorded();
            change();
            assert!(!inputs.are_unchanged(), "{name}");
        }
    }

    #[test]
    fn a_time_that_a_program_set_back_hides_no_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a");
        fs::write(&file, "one").expect("a file");
        let time = fs::metadata(&file).and_then(|file| file.modified()).expect("a time");
        let mut inputs = Inputs::default();
        inputs.add(&file);
        fs::write(&file, "two").expect("a file");
        fs::File::open(&file).and_then(|file| file.set_modified(time)).expect("a time");
        assert!(!inputs.are_unchanged());
    }

    #[test]
    fn a_change_between_two_builds_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let (source, program) = (folder.path().join("a.rs"), folder.path().join("a"));
        let recorded = || {
            fs::write(&program, "program").expect("a file");
            let mut inputs = Inputs::default();
            inputs.add(&source);
            inputs.add_output(&program);
            inputs
        };
        fs::write(&source, "one").expect("a file");
        let first = recorded();
        let both = first.merge(recorded()).expect("only the program is another file");
        fs::write(&source, "another").expect("a file");
        assert_eq!(both.merge(recorded()), None);
    }

    #[test]
    fn a_changed_variable_counts() {
        let variables = BTreeMap::from([("PATH".to_owned(), Some("elsewhere".to_owned()))]);
        assert!(!Inputs { variables, ..Inputs::default() }.are_unchanged());
    }

    #[test]
    fn a_change_during_the_build_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let before = SystemTime::now() - std::time::Duration::from_secs(5);
        fs::write(folder.path().join("a"), "").expect("a file");
        let mut inputs = Inputs::default();
        inputs.add(folder.path().join("a"));
        assert!(!inputs.are_older_than(before));
        assert!(inputs.are_older_than(SystemTime::now() + std::time::Duration::from_secs(5)));
    }
}
