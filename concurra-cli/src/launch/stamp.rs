//! What was built, and what it was built from, so that cargo is not started when nothing changed.
//!
//! Starting cargo costs many times what a short run takes. A stamp lists every file and variable
//! that can change what a build gives. Whatever is not certain makes the stamp void, and cargo,
//! which knows better, is asked again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::target::Target;

/// A workspace as it was when cargo last spoke.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) inputs: Inputs,
    /// All targets of the workspace.
    pub(super) targets: Vec<Target>,
    /// Those that were built.
    pub(super) built: Vec<Executable>,
}

/// What a build depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inputs {
    /// Files and folders as they were; a file that was not there must not be there.
    pub(super) files: BTreeMap<PathBuf, Option<Print>>,
    /// Variables as they were.
    pub(super) variables: BTreeMap<String, Option<String>>,
    /// Which of the files the build made; not kept.
    outputs: BTreeSet<PathBuf>,
}

/// What tells a changed file: its time in nanoseconds, and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Print {
    pub(super) time: i64,
    pub(super) size: u64,
}

/// A target that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Executable {
    pub(super) target: Target,
    /// Its path; none when its features are off.
    pub(super) path: Option<PathBuf>,
    /// The text of its marker; none when it has no runner.
    pub(super) marker: Option<String>,
    /// Where it runs; none: where the person is.
    pub(super) dir: Option<PathBuf>,
    /// What cargo would set.
    pub(super) variables: BTreeMap<String, String>,
    /// Where the dynamic linker looks as well.
    pub(super) libraries: Vec<PathBuf>,
}

impl Print {
    /// A file's or folder's print; none when it is not there.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        let time =
            metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec());
        // The size of a folder says nothing, and some file systems change it by themselves.
        let size = if metadata.is_dir() { 0 } else { metadata.len() };
        Some(Self { time, size })
    }

    fn is_before(self, moment: SystemTime) -> bool {
        let moment = moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        u128::try_from(self.time).is_ok_and(|time| time < moment)
    }
}

impl Inputs {
    /// Notes a file as it is now.
    pub(super) fn add(&mut self, path: impl Into<PathBuf>) {
        let path = path.into();
        let print = Print::of(&path);
        self.files.insert(path, print);
    }

    /// Notes a file that the build itself made.
    pub(super) fn add_output(&mut self, path: impl Into<PathBuf>) {
        let path = path.into();
        self.outputs.insert(path.clone());
        self.add(path);
    }

    /// Notes a variable as it is now.
    pub(super) fn add_variable(&mut self, name: &str) {
        self.variables.insert(name.to_owned(), variable(name));
    }

    /// Whether all of it is as it was.
    pub(super) fn hold(&self) -> bool {
        self.files.iter().all(|(path, print)| Print::of(path) == *print)
            && self.variables.iter().all(|(name, value)| variable(name) == *value)
    }

    /// Whether nothing changed while cargo ran: it may have read either state of what did.
    pub(super) fn sources_older_than(&self, moment: SystemTime) -> bool {
        let sources = self.files.iter().filter(|(path, _)| !self.outputs.contains(*path));
        sources.filter_map(|(_, print)| *print).all(|print| print.is_before(moment))
    }

    pub(super) fn new(
        files: BTreeMap<PathBuf, Option<Print>>,
        variables: BTreeMap<String, Option<String>>,
    ) -> Self {
        Self { files, variables, outputs: BTreeSet::new() }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.files.extend(other.files);
        self.variables.extend(other.variables);
    }
}

/// A stamp is kept under a number, as its variables may hold secrets. Two seeds make it long enough
/// that no two calls share one.
pub(super) fn number_of(parts: &[String]) -> String {
    let hash = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, parts).hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}", hash(0), hash(1))
}

impl Stamp {
    /// The stamp in the file, if it still holds.
    pub(super) fn load(file: &Path) -> Option<Self> {
        let text = fs::read_to_string(file).ok()?;
        let stamp = super::stamp_text::read(&text)?;
        stamp.inputs.hold().then_some(stamp)
    }

    /// Keeps the stamp; without it cargo is asked again, which is no error.
    pub(super) fn save(&self, file: &Path) {
        let Some(text) = super::stamp_text::write(self) else { return };
        let fresh = file.with_extension(format!("{}.new", std::process::id()));
        // A reader sees the old one or the new one, never a half.
        if fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, file)).is_err() {
            let _ = fs::remove_file(&fresh);
        }
    }

    pub(super) fn executable(&self, target: &Target) -> Option<&Executable> {
        self.built.iter().find(|built| built.target == *target)
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file in a folder, with a time that is surely in the past.
    fn file(folder: &Path, name: &str, text: &str, seconds: u64) -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, text).expect("a file");
        date(&path, seconds);
        path
    }

    fn date(path: &Path, seconds: u64) {
        let time = UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        fs::File::open(path).and_then(|file| file.set_modified(time)).expect("a time");
    }

    #[test]
    fn inputs_hold_until_something_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let a = file(folder, "a", "text", 1000);
        let absent = folder.join("absent");
        let listing = folder.join("tests");
        fs::create_dir(&listing).expect("a folder");
        date(&listing, 1000);
        let mut inputs = Inputs::default();
        for path in [&a, &absent, &listing] {
            inputs.add(path);
        }
        inputs.add_variable("PATH");
        inputs.add_variable("CONCURRA_NO_SUCH_VARIABLE");
        assert!(inputs.hold());

        file(folder, "a", "text", 1001);
        assert!(!inputs.hold(), "another time");
        file(folder, "a", "texts", 1000);
        assert!(!inputs.hold(), "another size");
        fs::remove_file(&a).expect("removed");
        assert!(!inputs.hold(), "a missing file");
        file(folder, "a", "text", 1000);
        assert!(inputs.hold());

        fs::write(&absent, "").expect("a file");
        assert!(!inputs.hold(), "a file that was not there");
        fs::remove_file(&absent).expect("removed");
        assert!(inputs.hold());
        fs::write(listing.join("new.rs"), "").expect("a file");
        assert!(!inputs.hold(), "a new file in a folder");
    }

    #[test]
    fn a_changed_variable_voids() {
        let variables = BTreeMap::from([("PATH".to_owned(), Some("elsewhere".to_owned()))]);
        assert!(!Inputs { variables, ..Inputs::default() }.hold());
    }

    #[test]
    fn a_file_that_changed_during_the_build_voids() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut inputs = Inputs::default();
        inputs.add(file(folder.path(), "a", "", 1000));
        let at = |seconds| UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        assert!(inputs.sources_older_than(at(1001)));
        assert!(!inputs.sources_older_than(at(1000)));
    }

    #[test]
    fn a_stamp_that_cannot_be_read_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("stamp");
        assert_eq!(Stamp::load(&path), None);
        Stamp::default().save(&path);
        assert_eq!(Stamp::load(&path), Some(Stamp::default()));
        fs::write(&path, "{").expect("a file");
        assert_eq!(Stamp::load(&path), None);
    }
}
