//! A workspace at work: what is known of it, and what is built there.

use std::path::{Path, PathBuf};

use super::build::{self, Built, Wish};
use super::cargo::Cargo;
use super::error::LaunchError;
use super::inputs;
use super::interrupt::Interrupts;
use super::marker::Marker;
use super::stamp::{Executable, Stamp, number_of};
use super::target::{Kind, Target};
use super::workspace::Workspace;
use crate::options::CargoOptions;
use crate::supervise::VERSION;

/// A workspace, or the hidden package of a scratch file.
#[derive(Debug)]
pub(super) struct Site {
    cargo: Cargo,
    stamp_file: PathBuf,
    stamp: Stamp,
    /// Read only when the stamp does not tell enough.
    workspace: Option<Workspace>,
    /// The file that the hidden package was made for.
    pub(super) scratch: Option<PathBuf>,
}

impl Site {
    pub(super) fn open(
        cargo: Cargo,
        cache: &Path,
        scratch: Option<PathBuf>,
    ) -> Result<Self, LaunchError> {
        let stamps = cache.join("stamps");
        super::cache::make(&stamps)?;
        let stamp_file = stamps.join(number_of(&call(&cargo)));
        let mut site =
            Self { cargo, stamp_file, stamp: Stamp::default(), workspace: None, scratch };
        match Stamp::load(&site.stamp_file) {
            Some(stamp) => site.stamp = stamp,
            None => site.stamp.targets = site.workspace()?.targets(),
        }
        site.check_packages()?;
        Ok(site)
    }

    fn check_packages(&self) -> Result<(), LaunchError> {
        let targets = &self.stamp.targets;
        let known = |spec: &&String| targets.iter().any(|target| names_package(spec, target));
        match self.cargo.options.packages.iter().find(|spec| !known(spec)) {
            None => Ok(()),
            Some(spec) => {
                let mut known =
                    targets.iter().map(|target| target.package.as_str()).collect::<Vec<_>>();
                known.dedup();
                Err(LaunchError::NoPackage { spec: spec.clone(), known: known.join(", ") })
            }
        }
    }

    pub(super) fn manifest(&self) -> &Path {
        &self.cargo.manifest
    }

    /// The targets of the packages that were asked for.
    pub(super) fn targets(&self) -> Vec<Target> {
        let CargoOptions { packages, workspace, exclude, .. } = &self.cargo.options;
        let is_of = |specs: &[String], target: &Target| {
            specs.iter().any(|spec| names_package(spec, target))
        };
        let chosen = |target: &&Target| {
            (*workspace || packages.is_empty() || is_of(packages, target))
                && !is_of(exclude, target)
        };
        self.stamp.targets.iter().filter(chosen).cloned().collect()
    }

    /// What was built of a target.
    pub(super) fn executable(&self, target: &Target) -> Option<&Executable> {
        self.stamp.executable(target)
    }

    /// The command that runs a target without `mtrun`; a scratch file has none, as its package is
    /// hidden.
    pub(super) fn command_without_us(&self, target: &Target, base: &Path) -> Option<String> {
        let packages = &mut self.stamp.targets.iter().map(|target| &target.package_id);
        let several = packages.any(|package| *package != target.package_id);
        self.scratch.is_none().then(|| self.cargo.command_line(target, several, base))
    }

    /// Builds the targets unless the stamp says that they are built.
    pub(super) fn build(
        &mut self,
        targets: &[Target],
        interrupts: &Interrupts,
    ) -> Result<(), LaunchError> {
        let wish = Wish::These(targets.iter().collect());
        self.build_wish(targets, &wish, interrupts)
    }

    /// Builds all targets of these kinds unless the stamp says that they are built.
    pub(super) fn build_all(
        &mut self,
        kinds: &[Kind],
        interrupts: &Interrupts,
    ) -> Result<Vec<Target>, LaunchError> {
        let mut targets = self.targets();
        targets.retain(|target| kinds.contains(&target.kind));
        let there = kinds.iter().copied();
        let there = there.filter(|kind| targets.iter().any(|target| target.kind == *kind));
        let there = there.collect::<Vec<_>>();
        self.build_wish(&targets, &Wish::All(&there), interrupts)?;
        Ok(targets)
    }

    fn build_wish(
        &mut self,
        targets: &[Target],
        wish: &Wish<'_>,
        interrupts: &Interrupts,
    ) -> Result<(), LaunchError> {
        if targets.iter().all(|target| self.executable(target).is_some()) {
            return Ok(());
        }
        let built = build::build(&self.cargo, wish, interrupts)?;
        let sysroot = inputs::sysroot(&self.cargo);
        self.workspace()?;
        let Some(workspace) = &self.workspace else { return Ok(()) };
        let made = targets
            .iter()
            .map(|target| executable(target, workspace, &built, sysroot.as_deref()))
            .collect::<Vec<_>>();
        let inputs =
            sysroot.and_then(|root| inputs::collect(&self.cargo, &root, workspace, &built));
        self.stamp.built.retain(|built| !targets.contains(&built.target));
        self.stamp.built.extend(made);
        if let Some(inputs) = inputs.filter(|inputs| inputs.sources_older_than(built.started)) {
            self.stamp.inputs.merge(inputs);
            self.stamp.save(&self.stamp_file);
        }
        Ok(())
    }

    fn workspace(&mut self) -> Result<&Workspace, LaunchError> {
        match &mut self.workspace {
            Some(workspace) => Ok(workspace),
            empty => Ok(empty.insert(Workspace::load(&self.cargo)?)),
        }
    }
}

/// What tells one call of cargo from another.
fn call(cargo: &Cargo) -> Vec<String> {
    let mut call = vec![
        VERSION.to_owned(),
        cargo.program.display().to_string(),
        cargo.dir.display().to_string(),
        cargo.manifest.display().to_string(),
    ];
    call.extend(cargo.options.build.iter().map(|option| format!("{option:?}")));
    call.push("variables".to_owned());
    call.extend(inputs::variables());
    call
}

fn names_package(spec: &str, target: &Target) -> bool {
    let name = spec.split('@').next().unwrap_or_default();
    name == target.package || spec == target.package_id
}

fn executable(
    target: &Target,
    workspace: &Workspace,
    built: &Built,
    sysroot: Option<&Path>,
) -> Executable {
    let path = built.executable(target);
    let marker = path.as_deref().and_then(|path| Marker::find(path).ok().flatten());
    let mut variables = workspace.variables(target);
    variables.extend(built.variables(target));
    let mut libraries = path.as_deref().map(|path| built.library_folders(path)).unwrap_or_default();
    libraries.extend(sysroot.map(|root| root.join("lib")));
    Executable {
        target: target.clone(),
        path,
        marker: marker.map(|marker| marker.to_text()),
        // `cargo test` runs tests in their package, `cargo run` leaves the person's folder.
        dir: (target.kind == Kind::Test).then(|| workspace.folder(target)).flatten(),
        variables,
        libraries,
    }
}
