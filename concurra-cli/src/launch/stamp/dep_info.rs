//! The inputs of crates and build scripts, from the files that rustc and cargo leave.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use cargo_metadata::{Artifact, BuildScript, PackageId};

use crate::launch::build::Built;
use crate::launch::fingerprint::Fingerprint;

/// Whether the package's sources may change.
pub(super) fn is_local(package: &PackageId) -> bool {
    package.repr.starts_with("path+")
}

/// The inputs of one crate or build script.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DepInfo {
    /// A file that rustc or the build script wrote in the end.
    made: PathBuf,
    /// The sources, absolute.
    pub(super) files: Vec<PathBuf>,
    /// The variables that the crate or the script read, except the variables of cargo.
    pub(super) variables: Vec<String>,
}

impl DepInfo {
    /// The inputs of a crate; none when `mtrun` cannot know them.
    pub(super) fn of_artifact(artifact: &Artifact, root: &Path) -> Option<Self> {
        let mut outputs = artifact.filenames.iter().map(|file| file.as_std_path());
        let (made, text) = outputs.find_map(by_rustc)?;
        let folder = artifact.manifest_path.parent()?.as_std_path();
        // The compiler runs at the workspace's root for packages below it.
        let base = if folder.starts_with(root) { root } else { folder };
        let found = Self::parse(made, &text, base);
        // A source that is missing has a path from another base, or it was removed.
        let is_known = !found.files.is_empty() && found.files.iter().all(|file| file.exists());
        is_known.then_some(found)
    }

    /// Reads rustc's file: a line per output, one per source that ends with a colon, and one per
    /// variable. Relative paths start in `base`.
    fn parse(made: PathBuf, text: &str, base: &Path) -> Self {
        let mut found = Self { made, ..Self::default() };
        for line in text.lines() {
            if let Some(variable) = line.strip_prefix("# env-dep:") {
                let name = variable.split('=').next().unwrap_or_default();
                let is_set_by_cargo = name.starts_with("CARGO") || name == "OUT_DIR";
                found.variables.extend((!is_set_by_cargo).then(|| name.to_owned()));
            } else if let Some(source) = line.strip_suffix(':').filter(|_| !line.starts_with('#')) {
                found.files.push(base.join(source.replace("\\ ", " ")));
            }
        }
        found
    }

    /// The files and variables that a build script asked cargo to watch; none when `mtrun` cannot
    /// know them.
    pub(super) fn of_script(script: &BuildScript, built: &Built) -> Option<Self> {
        let output = script.out_dir.parent()?.join("output");
        let text = fs::read_to_string(&output).ok()?;
        let is_local = is_local(&script.package_id);
        let folder = built.folder(&script.package_id);
        let mut found = Self { made: output.into(), ..Self::default() };
        for (key, value) in text.lines().filter_map(instruction) {
            match key {
                "rerun-if-env-changed" => found.variables.push(value.to_owned()),
                "rerun-if-changed" => {
                    let folder = folder.as_ref()?;
                    let path = folder.join(value);
                    if is_local || !path.starts_with(folder) {
                        // Cargo looks at all files in a folder, which its fingerprint cannot show,
                        // and runs the script each time when a file is missing.
                        path.is_file().then_some(())?;
                        found.files.push(path);
                    }
                }
                _ => {}
            }
        }
        // A local script that asked for nothing depends on every file of its package.
        let asked = !found.files.is_empty() || !found.variables.is_empty();
        (asked || !is_local).then_some(found)
    }

    /// A source that changed after the build, although its time is older: cargo compares times
    /// alone.
    pub(super) fn overlooked(&self) -> Option<&PathBuf> {
        let made = Fingerprint::of(&self.made)?;
        self.files.iter().find(|file| {
            Fingerprint::of(file)
                .is_some_and(|file| file.modified <= made.modified && file.changed > made.changed)
        })
    }
}

/// The file in which rustc listed the sources of an output, and its text. It lies beside the output
/// or beside the file in `deps` from which cargo linked the output.
fn by_rustc(output: &Path) -> Option<(PathBuf, String)> {
    [original(output), Some(output.to_owned())].into_iter().flatten().find_map(|output| {
        let stem = output.file_stem()?.to_str()?;
        let names = [Some(stem), stem.strip_prefix("lib")].into_iter().flatten();
        names.map(|name| output.with_file_name(format!("{name}.d"))).find_map(|path| {
            // Cargo writes files of this name too, in one line and without the variables.
            let text = fs::read_to_string(&path).ok().filter(|text| text.contains("\n\n"))?;
            Some((path, text))
        })
    })
}

/// The file in `deps` from which cargo linked an output.
fn original(output: &Path) -> Option<PathBuf> {
    let inode = fs::metadata(output).ok()?.ino();
    let folder = output.parent()?;
    [folder.join("deps"), folder.to_owned()].iter().find_map(|folder| {
        let mut entries = fs::read_dir(folder).ok()?.flatten();
        let linked = entries.find(|entry| {
            entry.path() != output && entry.metadata().is_ok_and(|other| other.ino() == inode)
        });
        linked.map(|entry| entry.path())
    })
}

/// `cargo:KEY=VALUE` or `cargo::KEY=VALUE`.
fn instruction(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim().strip_prefix("cargo:")?;
    rest.strip_prefix(':').unwrap_or(rest).split_once('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_and_variables_in_the_file_of_rustc() {
        let text = "\
/t/debug/deps/orders-1.d: tests/orders.rs tests/with\\ blank.rs /abs/x.rs

/t/debug/deps/orders-1: tests/orders.rs tests/with\\ blank.rs /abs/x.rs

tests/orders.rs:
tests/with\\ blank.rs:
/abs/x.rs:

# env-dep:CARGO_MANIFEST_DIR=/w
# env-dep:GREETING
";
        let found = DepInfo::parse(PathBuf::new(), text, Path::new("/w"));
        let expected = ["/w/tests/orders.rs", "/w/tests/with blank.rs", "/abs/x.rs"];
        assert_eq!(found.files, expected.map(PathBuf::from));
        assert_eq!(found.variables, ["GREETING"], "cargo sets the other one");
    }

    #[test]
    fn instructions_in_both_forms() {
        let watch = Some(("rerun-if-changed", "a b"));
        assert_eq!(instruction("cargo:rerun-if-changed=a b"), watch);
        assert_eq!(instruction("cargo::rerun-if-changed=a b"), watch);
        assert_eq!(instruction("hello"), None);
    }

    #[test]
    fn the_file_of_rustc_for_each_kind_of_output() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let deps = folder.join("deps");
        fs::create_dir(&deps).expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
        for name in ["deps/shop-1.d", "deps/orders-2.d", "deps/tool-3.d"] {
            write(name, "a: b\n\nb:\n");
        }
        for name in ["deps/orders-2", "deps/tool-3"] {
            write(name, "");
        }
        write("tool.d", "a: b\n");
        fs::hard_link(deps.join("tool-3"), folder.join("tool")).expect("a link");
        let found = |name: &str| Some(by_rustc(&folder.join(name))?.0);
        assert_eq!(found("deps/libshop-1.rmeta"), Some(deps.join("shop-1.d")));
        assert_eq!(found("deps/orders-2"), Some(deps.join("orders-2.d")));
        assert_eq!(found("tool"), Some(deps.join("tool-3.d")));
        assert_eq!(found("deps/none-4"), None);
    }
}
