//! What cargo knows of a workspace: its members and their targets.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand, Package, TargetKind};

use super::cargo::Cargo;
use super::error::LaunchError;
use super::target::{Kind, Target};

/// A workspace as `cargo metadata` describes it.
#[derive(Debug)]
pub(super) struct Workspace {
    metadata: Metadata,
}

impl Workspace {
    pub(super) fn load(cargo: &Cargo) -> Result<Self, LaunchError> {
        let mut command = MetadataCommand::new();
        command.cargo_path(&cargo.program).current_dir(&cargo.dir).manifest_path(&cargo.manifest);
        command.no_deps().other_options(cargo.options.metadata.clone());
        Ok(Self { metadata: command.exec()? })
    }

    pub(super) fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    pub(super) fn members(&self) -> Vec<&Package> {
        self.metadata.workspace_packages()
    }

    /// The targets that may have the runner, in the order of cargo.
    pub(super) fn targets(&self) -> Vec<Target> {
        self.members().into_iter().flat_map(targets_of).collect()
    }

    /// What cargo sets for a target of the package when it runs it.
    pub(super) fn variables(&self, target: &Target) -> BTreeMap<String, String> {
        let package = self.members().into_iter().find(|member| member.id.repr == target.package_id);
        package.map(package_variables).unwrap_or_default()
    }

    /// The package's folder.
    pub(super) fn folder(&self, target: &Target) -> Option<PathBuf> {
        let package = self.members().into_iter().find(|member| member.id.repr == target.package_id);
        package.and_then(|package| package.manifest_path.parent()).map(Into::into)
    }
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
        })
    })
}

fn package_variables(package: &Package) -> BTreeMap<String, String> {
    let version = &package.version;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let path = |path: &Option<cargo_metadata::camino::Utf8PathBuf>| {
        path.as_ref().map(ToString::to_string).unwrap_or_default()
    };
    let folder = package.manifest_path.parent().map(ToString::to_string).unwrap_or_default();
    let rust = package.rust_version.as_ref().map(ToString::to_string).unwrap_or_default();
    let pairs = [
        ("CARGO_MANIFEST_DIR", folder),
        ("CARGO_MANIFEST_PATH", package.manifest_path.to_string()),
        ("CARGO_PKG_NAME", package.name.to_string()),
        ("CARGO_PKG_VERSION", version.to_string()),
        ("CARGO_PKG_VERSION_MAJOR", version.major.to_string()),
        ("CARGO_PKG_VERSION_MINOR", version.minor.to_string()),
        ("CARGO_PKG_VERSION_PATCH", version.patch.to_string()),
        ("CARGO_PKG_VERSION_PRE", version.pre.to_string()),
        ("CARGO_PKG_AUTHORS", package.authors.join(":")),
        ("CARGO_PKG_DESCRIPTION", text(&package.description)),
        ("CARGO_PKG_HOMEPAGE", text(&package.homepage)),
        ("CARGO_PKG_REPOSITORY", text(&package.repository)),
        ("CARGO_PKG_LICENSE", text(&package.license)),
        ("CARGO_PKG_LICENSE_FILE", path(&package.license_file)),
        ("CARGO_PKG_README", path(&package.readme)),
        ("CARGO_PKG_RUST_VERSION", rust),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
