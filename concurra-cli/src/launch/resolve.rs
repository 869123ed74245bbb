//! From the words on the command line to the targets that are to run.

use std::path::{Path, PathBuf};

use super::build::exact;
use super::cache::Cache;
use super::error::LaunchError;
use super::job::Job;
use super::site::Site;
use super::targets::{Kind, Package, Target, named, owners, runs_alone};
use super::words::{File, Word, manifest_above, module_of, with_real_folder};
use crate::cargo::Cargo;
use crate::options::LaunchOptions;
use crate::supervise::Interrupts;

/// What is to run, and where.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    pub(crate) sites: Vec<Site>,
    pub(crate) jobs: Vec<Job>,
    /// Words that name no target choose tasks.
    pub(crate) filters: Vec<String>,
}

/// Turns words into jobs.
pub(crate) fn resolve(
    launch: &LaunchOptions,
    base: &Path,
    cache: &Cache,
    interrupts: &Interrupts,
) -> Result<Resolved, LaunchError> {
    let words = launch.words.iter().map(|word| Word::parse(word, base));
    let words = words.collect::<Result<Vec<_>, _>>()?;
    let given = launch.cargo.manifest.as_deref().map(check_manifest).transpose()?;
    let found = Resolved::default();
    let mut resolver = Resolver { launch, base, cache, interrupts, given, found };
    // Names are looked up where the person is, and then where the files are.
    if words.iter().any(|word| matches!(word, Word::Name(_)))
        && let Ok(manifest) = resolver.manifest(base)
    {
        resolver.open(&manifest)?;
    }
    let files = words.iter().map(|word| resolver.file(word)).collect::<Result<Vec<_>, _>>()?;
    if resolver.found.sites.is_empty() {
        let manifest = resolver.manifest(base)?;
        resolver.open(&manifest)?;
    }
    for (word, mut jobs) in words.iter().zip(files) {
        if let Word::Name(name) = word {
            jobs = resolver.named(name);
            if jobs.is_empty() {
                resolver.found.filters.push(name.clone());
            }
        }
        jobs.into_iter().for_each(|job| resolver.push(job));
    }
    if resolver.found.jobs.is_empty() {
        resolver.all();
    }
    Ok(resolver.found)
}

/// The kinds of targets that run when none is named.
pub(crate) fn kinds(launch: &LaunchOptions) -> Vec<Kind> {
    let flagged = [(launch.examples, Kind::Example), (launch.bins, Kind::Bin)];
    let kinds = flagged.into_iter().filter(|(on, _)| *on).map(|(_, kind)| kind);
    let kinds = kinds.collect::<Vec<_>>();
    if kinds.is_empty() { vec![Kind::Test] } else { kinds }
}

struct Resolver<'a> {
    launch: &'a LaunchOptions,
    base: &'a Path,
    cache: &'a Cache,
    interrupts: &'a Interrupts,
    /// The manifest that the command line names.
    given: Option<PathBuf>,
    found: Resolved,
}

impl Resolver<'_> {
    /// The jobs of a file.
    fn file(&mut self, word: &Word) -> Result<Vec<Job>, LaunchError> {
        let Word::File { file, task } = word else { return Ok(Vec::new()) };
        let (site, targets, path) = self.targets_of(file)?;
        // Of several targets with one root, some may be off by their features.
        let is_named = targets.len() == 1;
        let is_scratch = self.found.sites[site].scratch.is_some();
        let job = |target: &Target| {
            let module = module_of(&path, &target.source).filter(|_| !is_scratch);
            let module = module.map(|module| format!("@{module}")).unwrap_or_default();
            let tasks = task.iter().map(|name| format!("{name}{module}")).collect();
            let selection = exact(&target.package_id);
            Job { selection, tasks, ..self.whole(site, target, is_named) }
        };
        Ok(targets.iter().map(job).collect())
    }

    /// The targets of a file, their workspace, and the path under which it is known there.
    fn targets_of(&mut self, file: &File) -> Result<(usize, Vec<Target>, PathBuf), LaunchError> {
        let mut first = None;
        for path in &file.paths {
            let Ok(manifest) = self.manifest(path.parent().unwrap_or(path)) else { continue };
            let site = self.open(&manifest)?;
            match owners(path, &self.found.sites[site].stamp.workspace) {
                Ok(owners) => {
                    return Ok((site, owners.into_iter().cloned().collect(), path.clone()));
                }
                Err(error) => first = first.or(Some(error)),
            }
        }
        match first {
            Some(error) if !runs_alone(&file.real) => Err(error),
            _ => self.scratch(&file.real),
        }
    }

    fn scratch(&mut self, path: &Path) -> Result<(usize, Vec<Target>, PathBuf), LaunchError> {
        let sites = &self.found.sites;
        let index = match sites.iter().position(|site| site.scratch.as_deref() == Some(path)) {
            Some(index) => index,
            None => {
                let package = Package::write(path, self.cache)?;
                // Cargo reads configuration in all folders above the one where it runs, and other
                // users may write some of those above the cache.
                let mut cargo = self.cargo(&package.manifest, Path::new("/"));
                cargo.target = Some(package.target.clone());
                self.add(cargo, Some(path)).map_err(|error| package.blame(error))?
            }
        };
        let targets = self.found.sites[index].stamp.workspace.targets.clone();
        Ok((index, targets, path.to_owned()))
    }

    /// The manifest that was given, or the one above a folder.
    fn manifest(&self, folder: &Path) -> Result<PathBuf, LaunchError> {
        let manifest = self.given.clone().or_else(|| manifest_above(folder));
        manifest.ok_or_else(|| LaunchError::NoManifest { dir: folder.to_owned() })
    }

    /// The workspace of a manifest, which may be open already. Cargo runs where the person is, if
    /// that is inside the workspace or the person gave the manifest; else in the manifest's folder,
    /// so that its configuration counts from wherever a file of it is named.
    fn open(&mut self, manifest: &Path) -> Result<usize, LaunchError> {
        let is_member = |site: &Site| {
            let mut members = site.stamp.workspace.members.iter();
            site.cargo.manifest == manifest || members.any(|member| member.manifest == manifest)
        };
        if let Some(open) = self.found.sites.iter().position(is_member) {
            return Ok(open);
        }
        let folder = manifest.parent().unwrap_or(self.base);
        let is_inside = self.given.is_some() || self.base.starts_with(folder);
        self.add(self.cargo(manifest, if is_inside { self.base } else { folder }), None)
    }

    fn cargo(&self, manifest: &Path, dir: &Path) -> Cargo {
        Cargo::new(manifest.to_owned(), dir, self.base, &self.launch.cargo)
    }

    fn add(&mut self, cargo: Cargo, scratch: Option<&Path>) -> Result<usize, LaunchError> {
        self.found.sites.push(Site::open(cargo, scratch, self.cache, self.interrupts)?);
        Ok(self.found.sites.len() - 1)
    }

    /// The jobs of a target's name, in the first workspace that has any.
    fn named(&self, name: &str) -> Vec<Job> {
        let of_site = |(index, site): (usize, &Site)| {
            let found = named(name, &site.stamp.workspace.chosen_targets());
            found.into_iter().map(|target| self.whole(index, target, true)).collect::<Vec<_>>()
        };
        let mut found = self.found.sites.iter().enumerate().map(of_site);
        found.find(|jobs| !jobs.is_empty()).unwrap_or_default()
    }

    /// Takes all targets of the kinds that run when none is named.
    fn all(&mut self) {
        let mut jobs = Vec::new();
        for kind in kinds(self.launch) {
            for (index, site) in self.found.sites.iter().enumerate() {
                let targets = site.stamp.workspace.chosen_targets().into_iter();
                let targets = targets
                    .filter(|target| target.kind == kind && (target.tested || kind != Kind::Test));
                jobs.extend(targets.map(|target| self.whole(index, target, false)));
            }
        }
        self.found.jobs = jobs;
    }

    fn whole(&self, site: usize, target: &Target, is_named: bool) -> Job {
        let place = &self.found.sites[site];
        let (selection, label) = (place.cargo.selection(), place.label(target));
        Job { site, target: target.clone(), selection, is_named, tasks: Vec::new(), label }
    }

    /// Adds a run: a target runs once, with all tasks that were named, or whole.
    fn push(&mut self, job: Job) {
        let jobs = &mut self.found.jobs;
        let same = |known: &&mut Job| known.site == job.site && known.target == job.target;
        match jobs.iter_mut().find(same) {
            None => jobs.push(job),
            Some(known) if known.tasks.is_empty() || job.tasks.is_empty() => known.tasks.clear(),
            Some(known) => {
                let new = job.tasks.into_iter().filter(|task| !known.tasks.contains(task));
                let new = new.collect::<Vec<_>>();
                known.tasks.extend(new);
            }
        }
    }
}

/// Cargo's own complaint would be one about the build.
fn check_manifest(path: &Path) -> Result<PathBuf, LaunchError> {
    if path.ends_with("Cargo.toml") && path.is_file() {
        return Ok(with_real_folder(path));
    }
    let inside = path.join("Cargo.toml");
    let suggestions = inside.is_file().then(|| inside.display().to_string()).into_iter().collect();
    Err(LaunchError::NotAManifest { path: path.to_owned(), suggestions })
}
