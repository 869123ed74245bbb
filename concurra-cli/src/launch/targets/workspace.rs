//! A workspace as cargo describes it: its members, the person's choice of them, and their targets.

use std::path::{Path, PathBuf};
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

    /// The targets of a file: all whose root it is, else the one whose folder it is in.
    ///
    /// A file beside the only root of a folder (`tests/it/db.rs` beside `tests/it/main.rs`) has one
    /// target. A file below a folder with many roots (`tests/common/mod.rs`) may belong to any of them.
    /// Files beside the root of a library belong to the library, never to a binary: a person who names
    /// one must not deploy anything.
    pub(crate) fn owners(&self, path: &Path) -> Result<Vec<Target>, LaunchError> {
        let Self { targets, libraries, .. } = self;
        let roots = targets.iter().filter(|target| target.source == path);
        let roots = roots.cloned().collect::<Vec<_>>();
        if !roots.is_empty() {
            return Ok(roots);
        }
        let libraries = libraries.iter().filter_map(|root| root.parent());
        let library = libraries.filter(|folder| path.starts_with(folder)).max();
        let folder = |target: &Target| {
            let folder = target.source.parent()?;
            (path.starts_with(folder) && Some(folder) != library).then(|| folder.to_owned())
        };
        let nearest = targets.iter().filter_map(folder).max();
        let owners = targets.iter().filter(|target| nearest.is_some() && folder(target) == nearest);
        let owners = owners.cloned().collect::<Vec<_>>();
        let path = path.to_owned();
        match owners.first() {
            None if library.is_some() => Err(LaunchError::Library { path }),
            None => Err(LaunchError::NoTarget { path }),
            Some(first) if owners.iter().all(|target| target.source == first.source) => Ok(owners),
            Some(_) => {
                let targets = owners.into_iter().map(|target| target.name).collect();
                Err(LaunchError::ManyTargets { path, targets })
            }
        }
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

#[cfg(test)]
mod tests {
    use super::super::target::tests::target;
    use super::*;

    #[test]
    fn the_targets_of_a_file() {
        let mut twin = target(Kind::Test, "shop", "/w/tests/orders.rs");
        twin.name = "twin".to_owned();
        let targets = vec![
            target(Kind::Test, "shop", "/w/tests/orders.rs"),
            target(Kind::Test, "shop", "/w/tests/stock.rs"),
            target(Kind::Test, "shop", "/w/tests/it/main.rs"),
            twin,
            target(Kind::Bin, "shop", "/w/src/main.rs"),
        ];
        // The root of a library may have any name.
        let libraries = vec!["/w/src/shop.rs".into()];
        let workspace = Workspace { targets, libraries, ..Workspace::default() };
        let targets = &workspace.targets;
        let owners = |path: &str| workspace.owners(Path::new(path));
        assert_eq!(
            owners("/w/tests/orders.rs").expect("both"),
            [targets[0].clone(), targets[3].clone()]
        );
        assert_eq!(owners("/w/tests/it/db/mod.rs").expect("one"), [targets[2].clone()]);
        let shared = owners("/w/tests/common/mod.rs");
        assert!(matches!(shared, Err(LaunchError::ManyTargets { .. })), "{shared:?}");
        assert!(matches!(owners("/w/src/db.rs"), Err(LaunchError::Library { .. })));
        assert!(matches!(owners("/w/notes.rs"), Err(LaunchError::NoTarget { .. })));
    }
}
