//! Everything that a build depended on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::dep_info;
use crate::launch::build::Built;
use crate::launch::cargo::{Cargo, Config, find_program, variable};
use crate::launch::fingerprint::Fingerprint;
use crate::launch::targets::Workspace;

/// Files that count in a folder and in those above it.
const ABOVE: [&str; 3] = ["Cargo.toml", "rust-toolchain", "rust-toolchain.toml"];

/// Files and folders by which cargo finds targets that no manifest names.
const LAYOUT: [&str; 6] = ["tests", "examples", "src/bin", "src/main.rs", "src/lib.rs", "build.rs"];

/// Everything that a build depended on, as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inputs {
    /// Files and folders; a file that was missing must still be missing.
    files: BTreeMap<PathBuf, Option<Fingerprint>>,
    variables: BTreeMap<String, Option<String>>,
    /// Which of the files the build made.
    #[serde(skip)]
    outputs: BTreeSet<PathBuf>,
}

impl Inputs {
    pub(super) fn add(&mut self, path: impl Into<PathBuf>) {
        let path = path.into();
        let fingerprint = Fingerprint::of(&path);
        self.files.insert(path, fingerprint);
    }

    /// Adds a file that the build itself made.
    fn add_output(&mut self, path: impl Into<PathBuf>) {
        let path = path.into();
        self.outputs.insert(path.clone());
        self.add(path);
    }

    pub(super) fn add_variable(&mut self, name: &str) {
        self.variables.insert(name.to_owned(), variable(name));
    }

    /// Whether all of it is as it was.
    pub(super) fn are_unchanged(&self) -> bool {
        self.files.iter().all(|(path, fingerprint)| Fingerprint::of(path) == *fingerprint)
            && self.variables.iter().all(|(name, value)| variable(name) == *value)
    }

    /// Whether nothing changed while cargo ran: of what did, cargo may have read either state.
    pub(crate) fn are_older_than(&self, moment: SystemTime) -> bool {
        let sources = self.files.iter().filter(|(path, _)| !self.outputs.contains(*path));
        sources.filter_map(|(_, found)| *found).all(|found| found.is_before(moment))
    }

    /// Adds those of another build.
    pub(crate) fn merge(&mut self, other: Self) {
        self.files.extend(other.files);
        self.variables.extend(other.variables);
    }
}

/// Collects what the build depended on; none when not all of it can be known.
pub(crate) fn collect(
    cargo: &Cargo,
    config: &Config,
    workspace: &Workspace,
    built: &Built,
) -> Option<Inputs> {
    if config.is_uncertain {
        return None;
    }
    let mut inputs = Inputs::default();
    surroundings(cargo, config, &mut inputs)?;
    members(workspace, &mut inputs)?;
    for artifact in &built.artifacts {
        if let Some(executable) = &artifact.executable {
            inputs.add_output(executable);
        }
        if is_local(&artifact.package_id.repr) {
            inputs.add(&artifact.manifest_path);
            dep_info::add_sources(artifact, &workspace.root, &mut inputs)?;
        }
    }
    for script in &built.scripts {
        dep_info::add_build_script(script, built, &mut inputs)?;
    }
    // What rustup calls is in there, and changes with an update.
    built.toolchain().into_iter().for_each(|folder| inputs.add(folder.join("rustc")));
    for name in built.variables(config) {
        inputs.add_variable(&name);
    }
    Some(inputs)
}

/// Cargo's configuration and the toolchain.
fn surroundings(cargo: &Cargo, config: &Config, inputs: &mut Inputs) -> Option<()> {
    for folder in cargo.dir.ancestors().chain(cargo.manifest.parent()?.ancestors()) {
        for name in ABOVE {
            inputs.add(folder.join(name));
        }
    }
    config.files.iter().for_each(|file| inputs.add(file));
    let home = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".rustup")));
    home.into_iter().for_each(|home| inputs.add(home.join("settings.toml")));
    inputs.add(&cargo.program);
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    inputs.add(find_program(Path::new(&compiler))?);
    Some(())
}

/// The manifests of the members, and where cargo looks for their targets.
fn members(workspace: &Workspace, inputs: &mut Inputs) -> Option<()> {
    let manifest = workspace.root.join("Cargo.toml");
    let has_patterns = has_patterns(&manifest)?;
    inputs.add(manifest);
    // Cargo itself writes it while it builds.
    inputs.add_output(workspace.root.join("Cargo.lock"));
    for name in ABOVE {
        inputs.add(workspace.root.join(name));
    }
    for member in &workspace.members {
        let folder = member.manifest.parent()?;
        inputs.add(&member.manifest);
        layout(folder, inputs);
        // A new folder beside a member may be a new member.
        folder.parent().filter(|_| has_patterns).into_iter().for_each(|above| inputs.add(above));
    }
    Some(())
}

/// Whether members are given by patterns.
fn has_patterns(manifest: &Path) -> Option<bool> {
    let text = std::fs::read_to_string(manifest).ok()?;
    let manifest = text.parse::<toml_edit::DocumentMut>().ok()?;
    let members = manifest.get("workspace").and_then(|workspace| workspace.get("members"));
    let members = members.and_then(|members| members.as_array()).into_iter().flatten();
    Some(members.filter_map(|member| member.as_str()).any(|text| text.contains(['*', '?', '['])))
}

fn layout(folder: &Path, inputs: &mut Inputs) {
    for name in LAYOUT {
        let path = folder.join(name);
        // `tests/it/main.rs` is a target too, and it appears without a change of `tests`.
        let inside = std::fs::read_dir(&path).into_iter().flatten().filter_map(Result::ok);
        for entry in inside.filter(|entry| entry.path().is_dir()) {
            inputs.add(entry.path());
        }
        inputs.add(path);
    }
}

/// Whether the package's sources may change.
pub(super) fn is_local(package_id: &str) -> bool {
    package_id.starts_with("path+")
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
        let noted = || {
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
        for (what, change) in changes {
            let inputs = noted();
            change();
            assert!(!inputs.are_unchanged(), "{what}");
        }
    }

    #[test]
    fn a_time_that_was_set_back_does_not_hide_a_change() {
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
    fn a_changed_variable_counts() {
        let variables = BTreeMap::from([("PATH".to_owned(), Some("elsewhere".to_owned()))]);
        assert!(!Inputs { variables, ..Inputs::default() }.are_unchanged());
    }

    #[test]
    fn what_changed_during_the_build_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let before = SystemTime::now() - std::time::Duration::from_secs(5);
        fs::write(folder.path().join("a"), "").expect("a file");
        let mut inputs = Inputs::default();
        inputs.add(folder.path().join("a"));
        assert!(!inputs.are_older_than(before));
        assert!(inputs.are_older_than(SystemTime::now() + std::time::Duration::from_secs(5)));
    }
}
