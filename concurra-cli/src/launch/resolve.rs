//! From the words on the command line to the targets to run.

use std::path::{Path, PathBuf};

use super::build::{Job, exact};
use super::cache::Cache;
use super::error::LaunchError;
use super::site::Site;
use super::targets::{Kind, Package, Target, named, runs_alone};
use super::words::{File, Word, manifest_above, module_of, with_real_folder};
use crate::cargo::Cargo;
use crate::options::LaunchOptions;

/// The workspaces at work, and the targets to run.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) sites: Vec<Site>,
    pub(crate) jobs: Vec<Job>,
    /// Words that name no target choose tasks.
    pub(crate) filters: Vec<String>,
}

/// Turns words into jobs.
pub(crate) fn resolve(
    launch: &LaunchOptions,
    cargo: Cargo,
    cache: &Cache,
) -> Result<Resolved, LaunchError> {
    let words = launch.words.iter().map(|word| Word::parse(word, &cargo.base));
    let words = words.collect::<Result<Vec<_>, _>>()?;
    let manifest = launch.cargo.manifest.as_deref().map(check_manifest).transpose()?;
    let base = cargo.base.clone();
    let mut resolver = Resolver { cargo, cache, manifest, sites: Vec::new() };
    // `mtrun` looks up names in the workspace of the current folder, and then in those of the
    // files.
    if words.iter().any(|word| matches!(word, Word::Name(_)))
        && let Ok(manifest) = resolver.manifest(&base)
    {
        resolver.open(&manifest)?;
    }
    let of_files = words.iter().map(|word| resolver.file(word)).collect::<Result<Vec<_>, _>>()?;
    if resolver.sites.is_empty() {
        let manifest = resolver.manifest(&base)?;
        resolver.open(&manifest)?;
    }
    let (mut jobs, mut filters) = (Vec::new(), Vec::new());
    for (word, mut new) in words.iter().zip(of_files) {
        if let Word::Name(name) = word {
            new = resolver.named(name);
            filters.extend(new.is_empty().then(|| name.clone()));
        }
        new.into_iter().for_each(|job| push(&mut jobs, job));
    }
    if jobs.is_empty() {
        jobs = resolver.all(launch);
    }
    Ok(Resolved { sites: resolver.sites, jobs, filters })
}

struct Resolver<'a> {
    /// Cargo as the person calls it.
    cargo: Cargo,
    cache: &'a Cache,
    /// The manifest that the command line names.
    manifest: Option<PathBuf>,
    sites: Vec<Site>,
}

impl Resolver<'_> {
    /// The jobs of a file.
    fn file(&mut self, word: &Word) -> Result<Vec<Job>, LaunchError> {
        let Word::File { file, task } = word else { return Ok(Vec::new()) };
        let (site, targets, path) = self.targets_of(file)?;
        // Of several targets with one root, some may be off by their features.
        let is_named = targets.len() == 1;
        let is_scratch = self.sites[site].scratch.is_some();
        let job = |target: &Target| {
            let module = module_of(&path, &target.source).filter(|_| !is_scratch);
            let module = module.map(|module| format!("@{module}")).unwrap_or_default();
            let tasks = task.iter().map(|name| format!("{name}{module}")).collect();
            let selection = exact(&target.package_id);
            Job { selection, tasks, ..self.whole(site, target, is_named) }
        };
        Ok(targets.iter().map(job).collect())
    }

    /// The targets of a file, their workspace, and the path of the file there.
    fn targets_of(&mut self, file: &File) -> Result<(usize, Vec<Target>, PathBuf), LaunchError> {
        let mut first = None;
        for path in &file.paths {
            let Ok(manifest) = self.manifest(path.parent().unwrap_or(path)) else { continue };
            let site = self.open(&manifest)?;
            match self.sites[site].stamp.workspace.owners(path) {
                Ok(owners) => return Ok((site, owners, path.clone())),
                Err(error) => first = first.or(Some(error)),
            }
        }
        match first {
            Some(error) if !runs_alone(&file.real) => Err(error),
            _ => self.scratch(&file.real),
        }
    }

    fn scratch(&mut self, path: &Path) -> Result<(usize, Vec<Target>, PathBuf), LaunchError> {
        let is_open = |site: &Site| site.scratch.as_deref() == Some(path);
        let site = match self.sites.iter().position(is_open) {
            Some(site) => site,
            None => {
                let package = Package::write(path, self.cache)?;
                let cargo = Cargo {
                    manifest: package.manifest.clone(),
                    // Cargo reads configuration in all folders above the one where it runs, and
                    // other users may write some of those above the cache.
                    dir: PathBuf::from("/"),
                    target: Some(package.target.clone()),
                    ..self.cargo.clone()
                };
                self.add(cargo, Some(path.to_owned())).map_err(|error| package.blame(error))?
            }
        };
        Ok((site, self.sites[site].stamp.workspace.targets.clone(), path.to_owned()))
    }

    /// The manifest that the command line names, or the one above a folder.
    fn manifest(&self, folder: &Path) -> Result<PathBuf, LaunchError> {
        let manifest = self.manifest.clone().or_else(|| manifest_above(folder));
        manifest.ok_or_else(|| LaunchError::NoManifest { dir: folder.to_owned() })
    }

    /// Opens the workspace of a manifest, unless it is open. Cargo runs in the current folder when
    /// that is inside the workspace or the command line names the manifest. Otherwise it runs in
    /// the manifest's folder, so that its configuration does not depend on the current folder.
    fn open(&mut self, manifest: &Path) -> Result<usize, LaunchError> {
        let is_member = |site: &Site| {
            let mut members = site.stamp.workspace.members.iter();
            site.cargo.manifest == manifest || members.any(|member| member.manifest == manifest)
        };
        if let Some(open) = self.sites.iter().position(is_member) {
            return Ok(open);
        }
        let mut cargo = Cargo { manifest: manifest.to_owned(), ..self.cargo.clone() };
        let folder = manifest.parent().unwrap_or(&self.cargo.base);
        if self.manifest.is_none() && !cargo.base.starts_with(folder) {
            folder.clone_into(&mut cargo.dir);
        }
        self.add(cargo, None)
    }

    fn add(&mut self, cargo: Cargo, scratch: Option<PathBuf>) -> Result<usize, LaunchError> {
        self.sites.push(Site::open(cargo, scratch, self.cache)?);
        Ok(self.sites.len() - 1)
    }

    /// The jobs of a target's name, in the first workspace that has any.
    fn named(&self, name: &str) -> Vec<Job> {
        let of_site = |(index, site): (usize, &Site)| {
            let found = named(name, &site.stamp.workspace.chosen_targets());
            found.into_iter().map(|target| self.whole(index, target, true)).collect::<Vec<_>>()
        };
        let mut found = self.sites.iter().enumerate().map(of_site);
        found.find(|jobs| !jobs.is_empty()).unwrap_or_default()
    }

    /// The jobs of all targets of the kinds that the person chose, or of tests.
    fn all(&self, launch: &LaunchOptions) -> Vec<Job> {
        let is_chosen = |kind| match kind {
            Kind::Test => !launch.examples && !launch.bins,
            Kind::Example => launch.examples,
            Kind::Bin => launch.bins,
        };
        let mut jobs = Vec::new();
        for (index, site) in self.sites.iter().enumerate() {
            let targets = site.stamp.workspace.chosen_targets().into_iter();
            let targets = targets.filter(|target| is_chosen(target.kind) && target.runs_by_default);
            jobs.extend(targets.map(|target| self.whole(index, target, false)));
        }
        jobs.sort_by_key(|job| job.target.kind);
        jobs
    }

    fn whole(&self, site: usize, target: &Target, is_named: bool) -> Job {
        let place = &self.sites[site];
        let has_root = |other: &&Target| other.source == target.source;
        let mut label = place.label(target);
        if place.stamp.workspace.targets.iter().filter(has_root).count() > 1 {
            label += &format!(" ({})", target.name);
        }
        let (selection, tasks) = (place.cargo.selection(), Vec::new());
        Job { site, target: target.clone(), selection, is_named, tasks, label }
    }
}

/// Adds a job: a target runs once, with all tasks that the person named, or whole.
fn push(jobs: &mut Vec<Job>, job: Job) {
    let is_same = |known: &&mut Job| known.site == job.site && known.target == job.target;
    match jobs.iter_mut().find(is_same) {
        None => jobs.push(job),
        Some(known) if known.tasks.is_empty() || job.tasks.is_empty() => known.tasks.clear(),
        Some(known) => known.tasks.extend(job.tasks),
    }
}

/// Checks the manifest of the command line: cargo's own error would be one about the build.
fn check_manifest(path: &Path) -> Result<PathBuf, LaunchError> {
    if path.ends_with("Cargo.toml") && path.is_file() {
        return Ok(with_real_folder(path));
    }
    let inside = path.join("Cargo.toml");
    let suggestions = inside.is_file().then(|| inside.display().to_string()).into_iter().collect();
    Err(LaunchError::NotAManifest { path: path.to_owned(), suggestions })
}
