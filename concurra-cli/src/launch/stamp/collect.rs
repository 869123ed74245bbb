//! Finds everything that a build depended on.

use std::path::{Path, PathBuf};

use cargo_metadata::PackageId;

use super::dep_info;
use super::inputs::Inputs;
use crate::cargo::{Cargo, Config, find_program};
use crate::launch::build::Built;
use crate::launch::targets::Workspace;

/// Files that count in a folder and in those above it.
const ABOVE: [&str; 3] = ["Cargo.toml", "rust-toolchain", "rust-toolchain.toml"];

/// Files and folders by which cargo finds targets that no manifest names.
const LAYOUT: [&str; 6] = ["tests", "examples", "src/bin", "src/main.rs", "src/lib.rs", "build.rs"];

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
        if dep_info::is_local(&artifact.package_id) {
            let folder = artifact.manifest_path.parent()?.as_std_path();
            // A package may inherit from a workspace above it.
            folder.ancestors().for_each(|above| inputs.add(above.join("Cargo.toml")));
            layout(folder, &mut inputs);
            let found = dep_info::of_artifact(artifact, &workspace.root)?;
            found.files.iter().for_each(|file| inputs.add(file));
            let given_by_cargo = |name: &String| name.starts_with("CARGO") || name == "OUT_DIR";
            let variables = found.variables.iter().filter(|name| !given_by_cargo(name));
            variables.for_each(|name| inputs.add_variable(name));
        }
    }
    for script in &built.scripts {
        let found = dep_info::of_script(script, built)?;
        found.files.iter().for_each(|file| inputs.add(file));
        found.variables.iter().for_each(|name| inputs.add_variable(name));
    }
    // What rustup calls is in there, and changes with an update.
    built.toolchain().into_iter().for_each(|folder| inputs.add(folder.join("rustc")));
    for name in built.variables(config) {
        inputs.add_variable(&name);
    }
    Some(inputs)
}

/// A local source that cargo did not build though it changed, and the package to build anew.
pub(crate) fn overlooked(root: &Path, built: &Built) -> Option<(PathBuf, PackageId)> {
    let scripts = built.scripts.iter().filter(|script| dep_info::is_local(&script.package_id));
    let scripts = scripts
        .filter_map(|script| Some((dep_info::of_script(script, built)?, &script.package_id)));
    let artifacts = built.artifacts.iter().filter(|made| made.fresh);
    let artifacts = artifacts.filter(|made| dep_info::is_local(&made.package_id));
    let artifacts =
        artifacts.filter_map(|made| Some((dep_info::of_artifact(made, root)?, &made.package_id)));
    artifacts
        .chain(scripts)
        .find_map(|(found, package)| Some((found.overlooked()?.clone(), package.clone())))
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
        // A new folder beside a member is a new member: cargo wants a manifest in each.
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
        let inside = std::fs::read_dir(&path).into_iter().flatten().flatten();
        let inside = inside.map(|entry| entry.path()).filter(|path| path.is_dir());
        inside.for_each(|folder| inputs.add(folder));
        inputs.add(path);
    }
}
