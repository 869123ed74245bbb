//! Finds the inputs of a build.

use std::path::{Path, PathBuf};

use cargo_metadata::PackageId;

use super::dep_info::{DepInfo, is_local};
use super::inputs::Inputs;
use crate::cargo::{Cargo, find_program};
use crate::launch::build::Built;
use crate::launch::targets::{Target, Workspace};

/// Files that count in a folder and in those above it.
const ABOVE: [&str; 3] = ["Cargo.toml", "rust-toolchain", "rust-toolchain.toml"];

/// Files and folders by which cargo finds targets that no manifest names.
const LAYOUT: [&str; 6] = ["tests", "examples", "src/bin", "src/main.rs", "src/lib.rs", "build.rs"];

/// Collects the inputs of a build; none when `mtrun` cannot know all of them.
pub(crate) fn collect(cargo: &Cargo, workspace: &Workspace, built: &Built) -> Option<Inputs> {
    let mut inputs = Inputs::default();
    surroundings(cargo, built, &mut inputs)?;
    members(workspace, &mut inputs)?;
    let local = built.artifacts.iter().filter(|made| is_local(&made.package_id));
    for artifact in local.clone() {
        let folder = artifact.manifest_path.parent()?.as_std_path();
        // A package may inherit from a workspace above it.
        folder.ancestors().for_each(|above| inputs.add(above.join("Cargo.toml")));
        layout(folder, &mut inputs);
    }
    let artifacts = local.map(|artifact| DepInfo::of_artifact(artifact, &workspace.root));
    let scripts = built.scripts.iter().map(|script| DepInfo::of_script(script, built));
    for found in artifacts.chain(scripts) {
        let DepInfo { files, variables, .. } = found?;
        files.into_iter().for_each(|file| inputs.add(file));
        variables.into_iter().for_each(|name| inputs.add_variable(name));
    }
    let programs = built.artifacts.iter().filter_map(|made| made.executable.as_ref());
    programs.for_each(|program| inputs.add_output(program));
    built.variables().into_iter().for_each(|name| inputs.add_variable(name));
    Some(inputs)
}

/// The sources of a target; none when `mtrun` cannot know them.
pub(crate) fn sources(root: &Path, built: &Built, target: &Target) -> Vec<PathBuf> {
    let found = built.artifact(target).and_then(|made| DepInfo::of_artifact(made, root));
    found.map(|found| found.files).unwrap_or_default()
}

/// A local source that changed without a new build by cargo, and the package to build anew.
pub(crate) fn overlooked(root: &Path, built: &Built) -> Option<(PathBuf, PackageId)> {
    let artifacts = built.artifacts.iter().filter(|made| made.fresh && is_local(&made.package_id));
    let artifacts = artifacts.map(|made| (DepInfo::of_artifact(made, root), &made.package_id));
    let scripts = built.scripts.iter().filter(|script| is_local(&script.package_id));
    let scripts = scripts.map(|script| (DepInfo::of_script(script, built), &script.package_id));
    artifacts
        .chain(scripts)
        .find_map(|(found, package)| Some((found?.overlooked()?.clone(), package.clone())))
}

/// Cargo's configuration and the toolchain.
fn surroundings(cargo: &Cargo, built: &Built, inputs: &mut Inputs) -> Option<()> {
    for folder in cargo.dir.ancestors().chain(cargo.manifest.ancestors().skip(1)) {
        ABOVE.iter().for_each(|name| inputs.add(folder.join(name)));
    }
    built.config.files.iter().for_each(|file| inputs.add(file));
    let home = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".rustup")));
    home.into_iter().for_each(|home| inputs.add(home.join("settings.toml")));
    inputs.add(&cargo.program);
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    inputs.add(find_program(Path::new(&compiler))?);
    // The programs of rustup start those of a toolchain, which an update replaces.
    built.toolchain().into_iter().for_each(|folder| inputs.add(folder.join("rustc")));
    Some(())
}

/// The manifests of the members, and where cargo looks for their targets.
fn members(workspace: &Workspace, inputs: &mut Inputs) -> Option<()> {
    let has_patterns = has_patterns(&workspace.root.join("Cargo.toml"))?;
    ABOVE.iter().for_each(|name| inputs.add(workspace.root.join(name)));
    // Cargo itself writes it while it builds.
    inputs.add_output(workspace.root.join("Cargo.lock"));
    for member in &workspace.members {
        let folder = member.manifest.parent()?;
        inputs.add(&member.manifest);
        layout(folder, inputs);
        // With patterns, a new folder beside a member is a new member.
        folder.parent().filter(|_| has_patterns).into_iter().for_each(|above| inputs.add(above));
    }
    Some(())
}

/// Whether the manifest of a workspace names its members by patterns.
fn has_patterns(manifest: &Path) -> Option<bool> {
    let text = std::fs::read_to_string(manifest).ok()?;
    let manifest = text.parse::<toml_edit::DocumentMut>().ok()?;
    let members = manifest.get("workspace").and_then(|workspace| workspace.get("members"));
    let members = members.map(ToString::to_string).unwrap_or_default();
    // The list itself begins with a bracket.
    Some(members.trim().chars().skip(1).any(|letter| "*?[".contains(letter)))
}

fn layout(folder: &Path, inputs: &mut Inputs) {
    for path in LAYOUT.map(|name| folder.join(name)) {
        // `tests/it/main.rs` is a target too, and it appears without a change of `tests`.
        let inside = std::fs::read_dir(&path).into_iter().flatten().flatten();
        let inside = inside.map(|entry| entry.path()).filter(|path| path.is_dir());
        inside.for_each(|folder| inputs.add(folder));
        inputs.add(path);
    }
}
