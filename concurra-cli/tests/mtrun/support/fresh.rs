//! A package or a folder for one test alone.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Ran, command, root, scratch_folder};

/// A folder that is empty at first. It has the same path in each run, so that cargo replaces the
/// builds of earlier runs. Unlike the target folder, it is never inside a package.
#[derive(Debug)]
pub(crate) struct Fresh {
    folder: PathBuf,
}

impl Fresh {
    pub(crate) fn new(name: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        scratch_folder().hash(&mut hasher);
        let ours = format!("concurra-tests-{:016x}", hasher.finish());
        let folder = std::env::temp_dir().join(ours).join(name);
        // There is nothing to remove the first time.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self { folder }
    }

    /// A package that depends on the library of this checkout.
    pub(crate) fn package(name: &str, more: &str) -> Self {
        let fresh = Self::new(name);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nconcurra = {{ path = {:?} }}\n{more}",
            root()
        );
        fresh.write("Cargo.toml", &manifest);
        // The versions that the other fixtures have built already.
        std::fs::copy(root().join("Cargo.lock"), fresh.path("Cargo.lock")).expect("a lock file");
        fresh
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).expect("removed");
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        command(&self.folder, arguments)
    }

    #[track_caller]
    pub(crate) fn mtrun(&self, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.command(arguments))
    }
}
