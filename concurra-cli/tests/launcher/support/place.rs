//! A folder for one test alone.

use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::call::{Call, triple};
use super::{root, scratch_folder, seed};

/// Packages, a cache and a target folder that one test has for itself. They are empty at first and
/// removed when the test has passed. The packages lie in no other package, as the target folder
/// may.
#[derive(Debug)]
pub(crate) struct Place {
    base: PathBuf,
    target: PathBuf,
}

impl Place {
    /// A place with builds of all that a package depends on.
    pub(crate) fn new(name: &str) -> Self {
        let place = Self::bare(name);
        seed::copy_to(&place.target, &[]);
        place
    }

    /// A place without any build.
    pub(crate) fn bare(name: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        scratch_folder().hash(&mut hasher);
        let ours = format!("concurra-launcher-{:016x}", hasher.finish());
        let temporary = std::env::temp_dir().canonicalize().expect("a temporary folder");
        // A colon would part the folders of a search path.
        let name = name.replace("::", "-");
        let base = temporary.join(ours).join(&name);
        let place = Self { base, target: scratch_folder().join("launcher").join(name) };
        place.remove();
        fs::create_dir_all(place.base.join("work")).expect("a folder");
        place
    }

    /// Where the packages lie.
    pub(crate) fn folder(&self) -> PathBuf {
        self.base.join("work")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.folder() } else { self.folder().join(name) }
    }

    /// The cache folder of the user.
    pub(crate) fn cache(&self) -> PathBuf {
        self.base.join("cache")
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// A package in a folder that is a workspace by itself. Its name is the folder's.
    pub(crate) fn package(&self, folder: &str, more: &str) {
        let name = Path::new(folder).file_name().and_then(OsStr::to_str).expect("a name");
        self.write(
            &within(folder, "Cargo.toml"),
            &manifest(name, &format!("{more}\n[workspace]\n")),
        );
        self.lock(folder);
    }

    /// A package at the root of the place.
    pub(crate) fn root_package(&self, name: &str, more: &str) {
        self.write("Cargo.toml", &manifest(name, &format!("{more}\n[workspace]\n")));
        self.lock("");
    }

    /// A package that is a member of a workspace above it.
    pub(crate) fn member(&self, folder: &str, more: &str) {
        let name = Path::new(folder).file_name().and_then(OsStr::to_str).expect("a name");
        self.write(&within(folder, "Cargo.toml"), &manifest(name, more));
    }

    /// A workspace without a package at its root; `more` follows `[workspace]`.
    pub(crate) fn workspace(&self, folder: &str, more: &str) {
        let text = format!("[workspace]\nresolver = \"3\"\n{more}\n");
        self.write(&within(folder, "Cargo.toml"), &text);
        self.lock(folder);
    }

    /// Copies the lock file of the checkout.
    pub(crate) fn lock(&self, folder: &str) {
        let lock = self.path(&within(folder, "Cargo.lock"));
        fs::copy(root().join("Cargo.lock"), lock).expect("a lock file");
    }

    /// Copies the seed into a folder that may become a target folder.
    pub(crate) fn built(&self, folder: &Path) {
        seed::copy_to(folder, &[]);
    }

    /// Adds the dependencies of every package, built with an option for the platform.
    pub(crate) fn build_for_platform(&self) {
        seed::copy_to(&self.target, &[("CARGO_BUILD_TARGET", &triple())]);
    }

    /// Adds the dependencies of every package, built with these flags of rustc.
    pub(crate) fn build_with_flags(&self, flags: &str) {
        seed::copy_to(&self.target, &[("RUSTFLAGS", flags)]);
    }

    pub(crate) fn mtrun(&self, arguments: &[&str]) -> Call {
        self.call(env!("CARGO_BIN_EXE_mtrun"), arguments)
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Call {
        self.call("cargo", arguments)
    }

    fn call(&self, program: &str, arguments: &[&str]) -> Call {
        let mut call = Call::new(program.as_ref(), &self.folder());
        call.command.args(arguments);
        call.env("CARGO_TARGET_DIR", &self.target).env("XDG_CACHE_HOME", self.cache())
    }

    fn remove(&self) {
        for folder in [&self.base, &self.target] {
            // There is nothing to remove the first time.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.remove();
        }
    }
}

/// The manifest of a package that depends on the library of this checkout; `more` comes behind its
/// dependencies.
pub(crate) fn manifest(name: &str, more: &str) -> String {
    format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nconcurra = {{ path = {:?} }}\n{more}",
        root()
    )
}

/// A target whose only task prints a text.
pub(crate) fn task(name: &str, prints: &str) -> String {
    format!(
        "#[concurra::task]\nfn {name}() {{\n    println!(\"{{}}\", {prints:?});\n}}\n\
         concurra::main!();\n"
    )
}

fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
