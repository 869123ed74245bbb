//! A workspace as cargo describes it: its members, the person's choice of them, and their targets.

use std::path::PathBuf;
use std::process::Command;

use cargo_metadata::{MetadataCommand, Package};
use serde::{Deserialize, Serialize};

use super::target::{Kind, Target};
use crate::cargo::Cargo;
use crate::launch::error::LaunchError;

/// A workspace as cargo describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) members: Vec<Member>,
    /// The targets that may have the runner, in the order of cargo.
    pub(crate) targets: Vec<Target>,
    /// The roots of the members' libraries.
    pub(crate) libraries: Vec<PathBuf>,
}

/// A package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
    /// Whether its targets run when the person names none.
    pub(crate) is_chosen: bool,
}

impl Workspace {
    /// Lets cargo describe the workspace.
    pub(crate) fn load(cargo: &Cargo) -> Result<Self, LaunchError> {
        let options = &cargo.options;
        let mut command = cargo.command(&[], "metadata");
        command.args(["--format-version=1", "--no-deps"]).args(&options.metadata);
        let metadata = MetadataCommand::parse(output_of(cargo, command)?);
        let metadata =
            metadata.map_err(|error| LaunchError::Metadata { why: error.to_string() })?;
        let chosen = chosen(cargo)?;
        let members = metadata.workspace_packages();
        let member = |package: &&Package| Member {
            id: package.id.repr.clone(),
            name: package.name.to_string(),
            manifest: package.manifest_path.clone().into(),
            is_chosen: match (&chosen, package.manifest_path.parent()) {
                // `name v1.0.0 (/folder)`
                (Some(list), Some(folder)) => list.contains(&format!("({folder})")),
                _ => options.workspace || metadata.workspace_default_members.contains(&package.id),
            },
        };
        let targets = members.iter().flat_map(|package| &package.targets);
        let libraries = targets.filter(|target| target.is_lib() || target.is_proc_macro());
        Ok(Self {
            root: metadata.workspace_root.clone().into(),
            members: members.iter().map(member).collect(),
            targets: members.iter().flat_map(|package| targets_of(package)).collect(),
            libraries: libraries.map(|library| library.src_path.clone().into()).collect(),
        })
    }

    /// The package of a target.
    pub(crate) fn member(&self, target: &Target) -> Option<&Member> {
        self.members.iter().find(|member| member.id == target.package_id)
    }

    /// The targets of the chosen packages.
    pub(crate) fn chosen_targets(&self) -> Vec<&Target> {
        let is_chosen = |target: &&Target| self.member(target).is_some_and(|of| of.is_chosen);
        self.targets.iter().filter(is_chosen).collect()
    }
}

/// Lets cargo find the dependencies. `cargo metadata` would need the dependencies of every
/// platform.
pub(crate) fn find_dependencies(cargo: &Cargo) -> Result<(), LaunchError> {
    let mut command = cargo.command(&[], "tree");
    command.args(["--depth=0", "--color=never", "--quiet"]).args(&cargo.options.metadata);
    output_of(cargo, command).map(drop)
}

/// Cargo's list of the packages that the person chooses, as only cargo knows all forms of a choice;
/// none without a choice.
fn chosen(cargo: &Cargo) -> Result<Option<String>, LaunchError> {
    let options = &cargo.options;
    if options.packages.is_empty() && options.exclude.is_empty() {
        return Ok(None);
    }
    let mut command = cargo.command(&[], "tree");
    command.args(["--depth=0", "--prefix=none", "--format={p}", "--color=never", "--quiet"]);
    let network = |option: &&String| ["--locked", "--offline"].contains(&option.as_str());
    command.args(options.metadata.iter().filter(network)).args(cargo.selection());
    output_of(cargo, command).map(Some).map_err(|error| {
        let LaunchError::Metadata { why } = error else { return error };
        let first = why.lines().find_map(|line| line.strip_prefix("error: "));
        LaunchError::Packages { why: first.unwrap_or(&why).to_owned() }
    })
}

/// The stdout of a command; its stderr is the error when the command fails.
pub(crate) fn output_of(cargo: &Cargo, mut command: Command) -> Result<String, LaunchError> {
    let output = cargo.interrupts.output(&mut command).map_err(LaunchError::Cargo)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(LaunchError::Metadata { why: text(&output.stderr) })
    }
}

fn targets_of(package: &Package) -> impl Iterator<Item = Target> + '_ {
    package.targets.iter().filter_map(|target| {
        let kind = Kind::of(target)?;
        Some(Target {
            kind,
            package: package.name.to_string(),
            package_id: package.id.repr.clone(),
            name: target.name.clone(),
            source: target.src_path.clone().into(),
            runs_by_default: target.test || kind != Kind::Test,
            required_features: target.required_features.clone(),
        })
    })
}
