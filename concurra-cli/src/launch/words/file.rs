//! A file as a person writes it, and as packages know it.
//!
//! Cargo names targets by paths in which it follows no link. A link among a package's tests is a
//! target of that package, wherever it leads.

use std::io;
use std::path::{Component, Path, PathBuf};

/// A file that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// The paths under which a package may know it, the likeliest first.
    pub(crate) paths: Vec<PathBuf>,
    /// The path without any link.
    pub(crate) real: PathBuf,
}

impl File {
    /// Finds a file by its absolute path.
    pub(crate) fn find(path: &Path) -> io::Result<Self> {
        let real = path.canonicalize()?;
        if !real.is_file() {
            // Reading from a pipe or a device may never end.
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let written = with_real_package(&without_dots(path));
        // After a link, `..` leads to another folder than the text shows.
        let is_same = written.canonicalize().is_ok_and(|found| found == real);
        let written = Some(written).filter(|written| is_same && *written != real);
        Ok(Self { paths: written.into_iter().chain([real.clone()]).collect(), real })
    }
}

/// The manifest that cargo finds from the folder.
pub(crate) fn manifest_above(dir: &Path) -> Option<PathBuf> {
    dir.ancestors().map(|dir| dir.join("Cargo.toml")).find(|manifest| manifest.is_file())
}

/// A manifest with the path of its folder without links.
pub(crate) fn with_real_folder(manifest: &Path) -> PathBuf {
    let real = manifest.parent().and_then(|folder| folder.canonicalize().ok());
    let named = real.zip(manifest.file_name()).map(|(folder, name)| folder.join(name));
    named.unwrap_or_else(|| manifest.to_owned())
}

/// The module of a file in a target: `it::db` for `tests/x/it/db.rs` of the root
/// `tests/x/main.rs`; none for the root itself.
pub(crate) fn module_of(file: &Path, root: &Path) -> Option<String> {
    let inside = file.strip_prefix(root.parent()?).ok().filter(|_| file != root)?;
    let mut parts = inside.with_extension("");
    if parts.ends_with("mod") {
        parts.pop();
    }
    let parts = parts.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>()?;
    (!parts.is_empty()).then(|| parts.join("::"))
}

/// Follows the links above the package of a path and keeps those inside: otherwise each way to a
/// package would lead to another package, and cargo would build each anew.
fn with_real_package(path: &Path) -> PathBuf {
    let manifest = path.parent().and_then(manifest_above);
    let inside = manifest.as_deref().and_then(|manifest| {
        let inside = path.strip_prefix(manifest.parent()?).ok()?;
        Some(with_real_folder(manifest).with_file_name(inside))
    });
    inside.unwrap_or_else(|| path.to_owned())
}

/// An absolute path without `..`, by its text alone.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_inside_a_package_are_left_and_those_above_it_are_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let base = folder.path().canonicalize().expect("a path");
        fs::create_dir_all(base.join("package/tests")).expect("a folder");
        fs::create_dir_all(base.join("elsewhere/deep")).expect("a folder");
        fs::write(base.join("package/Cargo.toml"), "").expect("a file");
        fs::write(base.join("package/tests/own.rs"), "").expect("a file");
        fs::write(base.join("elsewhere/deep/x.rs"), "").expect("a file");
        symlink(base.join("elsewhere/deep/x.rs"), base.join("package/tests/x.rs")).expect("a link");
        symlink(base.join("elsewhere/deep"), base.join("package/tests/it")).expect("a link");
        symlink(base.join("package"), base.join("link")).expect("a link");
        let paths = |path: &str| {
            let file = File::find(&base.join(path)).expect("a file");
            let below = |path: &PathBuf| path.strip_prefix(&base).expect("below").to_owned();
            file.paths.iter().map(below).collect::<Vec<_>>()
        };
        let is = |path: &str, known: &[&str]| {
            assert_eq!(paths(path), known.iter().map(PathBuf::from).collect::<Vec<_>>(), "{path}");
        };
        is("package/tests/./../tests/own.rs", &["package/tests/own.rs"]);
        is("link/tests/own.rs", &["package/tests/own.rs"]);
        is("package/tests/x.rs", &["package/tests/x.rs", "elsewhere/deep/x.rs"]);
        is("link/tests/x.rs", &["package/tests/x.rs", "elsewhere/deep/x.rs"]);
        is("link/tests/it/x.rs", &["package/tests/it/x.rs", "elsewhere/deep/x.rs"]);
        // The parent of the link's end, not of the link.
        is("package/tests/it/../deep/x.rs", &["elsewhere/deep/x.rs"]);
        assert!(File::find(&base.join("package/tests/none.rs")).is_err());
    }

    #[test]
    fn the_module_of_a_file() {
        let of = |file: &str, root: &str| module_of(Path::new(file), Path::new(root));
        assert_eq!(of("/w/tests/it/db.rs", "/w/tests/it/main.rs").as_deref(), Some("db"));
        assert_eq!(of("/w/tests/it/db/mod.rs", "/w/tests/it/main.rs").as_deref(), Some("db"));
        assert_eq!(of("/w/src/a/b.rs", "/w/src/main.rs").as_deref(), Some("a::b"));
        assert_eq!(of("/w/tests/a.rs", "/w/tests/a.rs"), None);
        assert_eq!(of("/elsewhere/a.rs", "/w/tests/a.rs"), None);
    }
}
