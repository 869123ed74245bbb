//! What the compiler and build scripts read, from the files that they and cargo leave.
//!
//! Dep-info files come in two dialects of one grammar. rustc writes a line per output, an empty one
//! per source, and the variables it read in comments; its paths are relative to where it ran. Cargo
//! writes a single line with absolute paths, path dependencies included.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use cargo_metadata::{Artifact, BuildScript, PackageId};

use crate::launch::build::Built;
use crate::launch::fingerprint::times;

/// Whether the package's sources may change.
pub(super) fn is_local(package: &PackageId) -> bool {
    package.repr.starts_with("path+")
}

/// What a crate was compiled from; none when that cannot be known.
pub(super) fn of_artifact(artifact: &Artifact, root: &Path) -> Option<DepInfo> {
    let files = artifact.filenames.iter().map(|file| file.as_std_path());
    let dep_infos = files.flat_map(dep_infos_of);
    // Only the compiler's own dialect has the variables.
    let texts = dep_infos.filter_map(|file| Some((fs::read_to_string(&file).ok()?, file)));
    let (text, file) = texts.into_iter().find(|(text, _)| text.contains("\n\n"))?;
    let folder = artifact.manifest_path.parent()?.as_std_path();
    // The compiler runs at the workspace's root for what lies in it.
    let base = if folder.starts_with(root) { root } else { folder };
    let found = DepInfo { made: file, ..DepInfo::parse(&text, base) };
    // A source that is missing was not found by the right rule, or is already gone.
    let is_known = !found.files.is_empty() && found.files.iter().all(|file| file.exists());
    is_known.then_some(found)
}

/// The dep-info files of what was made of a crate: those beside it and those beside its original.
fn dep_infos_of(file: &Path) -> Vec<PathBuf> {
    let all = original(file).into_iter().chain([file.to_owned()]);
    all.flat_map(|file| beside(&file).unwrap_or_default()).collect()
}

fn beside(file: &Path) -> Option<Vec<PathBuf>> {
    let name = file.file_name()?.to_str()?;
    let bare = ["rlib", "rmeta", "so", "dylib", "a", "exe"]
        .iter()
        .find_map(|end| name.strip_suffix(end)?.strip_suffix('.'))
        .unwrap_or(name);
    let folder = file.parent()?;
    let names = [Some(bare), bare.strip_prefix("lib")];
    let beside = names.into_iter().flatten().map(|name| folder.join(format!("{name}.d")));
    Some(beside.filter(|path| path.is_file()).collect())
}

/// The original of a file that cargo linked from `deps` to where people look for it.
fn original(file: &Path) -> Option<PathBuf> {
    let number = fs::metadata(file).ok()?.ino();
    let folder = file.parent()?;
    [folder.join("deps"), folder.to_owned()].iter().find_map(|folder| {
        let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
        let mut same = entries.filter(|entry| {
            entry.path() != file && entry.metadata().is_ok_and(|other| other.ino() == number)
        });
        same.next().map(|entry| entry.path())
    })
}

/// What a build script asked cargo to watch; none when that cannot be known.
pub(super) fn of_script(script: &BuildScript, built: &Built) -> Option<DepInfo> {
    let output = script.out_dir.parent()?.join("output");
    let text = fs::read_to_string(&output).ok()?;
    let is_local = is_local(&script.package_id);
    let mut found = DepInfo { made: output.into(), ..DepInfo::default() };
    let mut asked = false;
    for line in text.lines() {
        match instruction(line) {
            Some(("rerun-if-env-changed", name)) => found.variables.push(name.to_owned()),
            Some(("rerun-if-changed", value)) => {
                let folder = built.folder(&script.package_id)?;
                let path = folder.join(value);
                if is_local || !path.starts_with(&folder) {
                    // Cargo looks at all that is in a folder, which a fingerprint of it cannot show,
                    // and runs the script each time when a file is missing.
                    path.is_file().then_some(())?;
                    found.files.push(path);
                }
            }
            _ => continue,
        }
        asked = true;
    }
    // A local script that asked for nothing depends on every file of its package.
    (asked || !is_local).then_some(found)
}

/// `cargo:KEY=VALUE` or `cargo::KEY=VALUE`.
fn instruction(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim().strip_prefix("cargo:")?;
    rest.strip_prefix(':').unwrap_or(rest).split_once('=')
}

/// What something was made from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DepInfo {
    /// A file that was written when it was made.
    made: PathBuf,
    /// The sources, absolute.
    pub(super) files: Vec<PathBuf>,
    /// Variables whose values were compiled in.
    pub(super) variables: Vec<String>,
}

impl DepInfo {
    /// A source that changed since, although its time is older: cargo compares times alone.
    pub(super) fn overlooked(&self) -> Option<&PathBuf> {
        let [made, written] = times(&self.made)?;
        self.files.iter().find(|file| {
            times(file).is_some_and(|[modified, changed]| modified <= made && changed > written)
        })
    }

    /// Reads either dialect; `base` is where relative paths start.
    fn parse(text: &str, base: &Path) -> Self {
        let mut found = Self::default();
        for line in text.lines() {
            if let Some(variable) = line.strip_prefix("# env-dep:") {
                let name = variable.split('=').next().unwrap_or_default();
                found.variables.push(name.to_owned());
            } else if let Some((_, sources)) = split_rule(line) {
                found.files.extend(paths(sources).into_iter().map(|path| base.join(path)));
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

/// Splits at blanks; a blank after a backslash belongs to the path.
fn paths(text: &str) -> Vec<String> {
    let mut paths = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let path = paths.last_mut().expect("there is always a last path");
        match letter {
            '\\' if letters.peek() == Some(&' ') => path.extend(letters.next()),
            ' ' | '\t' => paths.push(String::new()),
            letter => path.push(letter),
        }
    }
    paths.retain(|path| !path.is_empty());
    paths
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
        let found = DepInfo::parse(text, Path::new("/w"));
        let expected = paths(&["/abs/x.rs", "/w/tests/orders.rs", "/w/tests/with blank.rs"]);
        assert_eq!(found.files, expected);
        assert_eq!(found.variables, ["CARGO_MANIFEST_DIR", "GREETING"]);
    }

    #[test]
    fn the_dialect_of_cargo() {
        let text = "/t/debug/examples/a\\ b: /w/examples/a\\ b.rs /w/src/lib.rs /other/lib.rs\n";
        let found = DepInfo::parse(text, Path::new("/elsewhere"));
        assert_eq!(found.files, paths(&["/other/lib.rs", "/w/examples/a b.rs", "/w/src/lib.rs"]));
        assert!(found.variables.is_empty());
    }

    #[test]
    fn instructions_in_both_forms() {
        let watch = Some(("rerun-if-changed", "a b"));
        assert_eq!(instruction("cargo:rerun-if-changed=a b"), watch);
        assert_eq!(instruction("cargo::rerun-if-changed=a b"), watch);
        assert_eq!(instruction("hello"), None);
    }

    #[test]
    fn the_dep_info_of_each_kind_of_output() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let deps = folder.join("deps");
        fs::create_dir(&deps).expect("a folder");
        for name in
            ["deps/shop-1.d", "deps/orders-2.d", "deps/orders-2", "deps/tool-3.d", "deps/tool-3"]
        {
            fs::write(folder.join(name), "").expect("a file");
        }
        fs::hard_link(deps.join("tool-3"), folder.join("tool")).expect("a link");
        let found = |name: &str| dep_infos_of(&folder.join(name)).into_iter().next();
        assert_eq!(found("deps/libshop-1.rmeta"), Some(deps.join("shop-1.d")));
        assert_eq!(found("deps/orders-2"), Some(deps.join("orders-2.d")));
        assert_eq!(found("tool"), Some(deps.join("tool-3.d")));
        assert_eq!(found("deps/none-4"), None);
    }

    #[test]
    fn an_empty_file_lists_nothing() {
        assert_eq!(DepInfo::parse("", Path::new("/")), DepInfo::default());
    }
}
