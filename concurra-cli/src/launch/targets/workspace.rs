//! What cargo knows of a workspace: its members, which of them are chosen, and their targets.

use std::path::PathBuf;
use std::process::Output;

use cargo_metadata::{Metadata, MetadataCommand, Package, TargetKind};
use serde::{Deserialize, Serialize};

use super::target::{Kind, Target};
use crate::launch::cargo::Cargo;
use crate::launch::error::LaunchError;
use crate::launch::interrupts::Interrupts;

/// A workspace as cargo describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) members: Vec<Member>,
    /// The targets that may have the runner, in the order of cargo.
    pub(crate) targets: Vec<Target>,
}

/// A package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
    /// Whether its targets run when none is named.
    pub(crate) is_chosen: bool,
}

/// How far cargo looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    Members,
    /// It also finds out whether all dependencies can be had.
    Dependencies,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn load(
        cargo: &Cargo,
        depth: Depth,
        interrupts: &Interrupts,
    ) -> Result<Self, LaunchError> {
        let mut command = cargo.command(&[], "metadata");
        command.args(["--format-version=1", "--no-deps"]).args(&cargo.options.metadata);
        let output = interrupts.output(&mut command).map_err(LaunchError::Cargo)?;
        let workspace = Self::of_metadata(&parse(&output)?, &chosen(cargo, interrupts)?)?;
        if depth == Depth::Dependencies {
            find_dependencies(cargo, interrupts)?;
        }
        Ok(workspace)
    }

    fn of_metadata(metadata: &Metadata, chosen: &Chosen) -> Result<Self, LaunchError> {
        let members = metadata.workspace_packages();
        let is_chosen = |package: &Package| match chosen {
            Chosen::Default => metadata.workspace_default_members.contains(&package.id),
            Chosen::All => true,
            Chosen::Printed(lines) => lines.iter().any(|line| is_printed(package, line)),
        };
        Ok(Self {
            root: metadata.workspace_root.clone().into(),
            members: members
                .iter()
                .map(|package| Member {
                    id: package.id.repr.clone(),
                    name: package.name.to_string(),
                    manifest: package.manifest_path.clone().into(),
                    is_chosen: is_chosen(package),
                })
                .collect(),
            targets: members.iter().flat_map(|package| targets_of(package)).collect(),
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

/// The packages that the person chose.
enum Chosen {
    /// Cargo's rule for a call without a choice.
    Default,
    All,
    /// As `cargo tree` prints them.
    Printed(Vec<String>),
}

/// Lets cargo find all dependencies. `cargo metadata` would want those of every platform.
fn find_dependencies(cargo: &Cargo, interrupts: &Interrupts) -> Result<(), LaunchError> {
    let mut command = cargo.command(&[], "tree");
    command.args(["--depth=0", "--color=never", "--quiet"]).args(&cargo.options.metadata);
    let output = interrupts.output(&mut command).map_err(LaunchError::Cargo)?;
    if output.status.success() {
        return Ok(());
    }
    let why = String::from_utf8_lossy(&output.stderr);
    Err(LaunchError::Metadata { why: why.trim().to_owned() })
}

/// Lets cargo say which packages are meant: what a choice may look like is its own matter.
fn chosen(cargo: &Cargo, interrupts: &Interrupts) -> Result<Chosen, LaunchError> {
    let options = &cargo.options;
    if options.packages.is_empty() && options.exclude.is_empty() {
        return Ok(if options.workspace { Chosen::All } else { Chosen::Default });
    }
    let mut command = cargo.command(&[], "tree");
    command.args(["--depth=0", "--prefix=none", "--format={p}", "--color=never", "--quiet"]);
    let network = |option: &&String| ["--locked", "--offline"].contains(&option.as_str());
    command.args(options.metadata.iter().filter(network)).args(cargo.selection());
    let output = interrupts.output(&mut command).map_err(LaunchError::Cargo)?;
    if !output.status.success() {
        return Err(LaunchError::Packages { why: first_error(&output.stderr) });
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(Chosen::Printed(text.lines().map(str::to_owned).collect()))
}

/// Whether a line of `cargo tree` is about the package: `name v1.0.0 (/folder)`.
fn is_printed(package: &Package, line: &str) -> bool {
    let folder = package.manifest_path.parent().map(ToString::to_string).unwrap_or_default();
    let own = format!("{} v{} ", package.name, package.version);
    line.starts_with(&own) && line.contains(&format!("({folder})"))
}

/// The metadata that cargo printed.
pub(super) fn parse(output: &Output) -> Result<Metadata, LaunchError> {
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(LaunchError::Metadata { why: why.trim().to_owned() });
    }
    let text = String::from_utf8_lossy(&output.stdout);
    MetadataCommand::parse(text).map_err(|error| LaunchError::Metadata { why: error.to_string() })
}

/// Cargo's own sentence about what is wrong.
fn first_error(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let error = text.lines().find_map(|line| line.strip_prefix("error: "));
    error.unwrap_or_else(|| text.trim()).to_owned()
}

fn targets_of(package: &Package) -> impl Iterator<Item = Target> + '_ {
    package.targets.iter().filter_map(|target| {
        let kind = target.kind.iter().find_map(|kind| match kind {
            TargetKind::Test => Some(Kind::Test),
            TargetKind::Example => Some(Kind::Example),
            TargetKind::Bin => Some(Kind::Bin),
            _ => None,
        })?;
        Some(Target {
            package: package.name.to_string(),
            package_id: package.id.repr.clone(),
            kind,
            name: target.name.clone(),
            source: target.src_path.clone().into(),
            tested: target.test,
            required_features: target.required_features.clone(),
        })
    })
}
