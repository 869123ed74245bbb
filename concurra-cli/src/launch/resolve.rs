//! From the words on the command line to the targets that are to run.

use std::path::{Path, PathBuf};

use super::build::exact;
use super::cache::Cache;
use super::error::LaunchError;
use super::interrupts::Interrupts;
use super::site::{Place, Site, Wanted};
use super::targets::{Kind, Package, Target, is_meant_as_scratch, named, owners};
use super::words::{File, Word, manifest_above, module_of, with_real_folder};
use crate::options::LaunchOptions;

/// What is to run, and where.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) sites: Vec<Site>,
    pub(crate) jobs: Vec<Job>,
    /// Words that name no target choose tasks.
    pub(crate) filters: Vec<String>,
}

/// A run of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// The place of its workspace among the sites.
    pub(crate) site: usize,
    pub(crate) wanted: Wanted,
    /// Only these tasks of it, as `NAME` or `NAME@MODULE`; all when there are none.
    pub(crate) tasks: Vec<String>,
}

/// Finds out what the words mean.
pub(crate) fn resolve(
    launch: &LaunchOptions,
    base: &Path,
    cache: &Cache,
    interrupts: &Interrupts,
) -> Result<Resolved, LaunchError> {
    let words = launch.words.iter().map(|word| Word::parse(word, base));
    let words = words.collect::<Result<Vec<_>, _>>()?;
    let given = launch.cargo.manifest.as_deref().map(check_manifest).transpose()?;
    let (sites, jobs) = (Vec::new(), Vec::new());
    let mut resolver = Resolver { launch, base, cache, interrupts, given, sites, jobs };
    // Names are looked up where the person is, and then where the files are.
    if words.iter().any(|word| matches!(word, Word::Name(_)))
        && let Ok(manifest) = resolver.manifest(None)
    {
        resolver.open(&manifest)?;
    }
    let mut files = words.iter().map(|word| resolver.file(word)).collect::<Result<Vec<_>, _>>()?;
    if resolver.sites.is_empty() {
        let manifest = resolver.manifest(None)?;
        resolver.open(&manifest)?;
    }
    let mut filters = Vec::new();
    for (word, jobs) in words.iter().zip(&mut files) {
        let jobs = match word {
            Word::File { .. } => std::mem::take(jobs),
            Word::Name(name) => resolver.named(name),
        };
        match word {
            Word::Name(name) if jobs.is_empty() => filters.push(name.clone()),
            _ => jobs.into_iter().for_each(|job| resolver.push(job)),
        }
    }
    if resolver.jobs.is_empty() {
        resolver.all();
    }
    let Resolver { sites, jobs, .. } = resolver;
    Ok(Resolved { sites, jobs, filters })
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
    sites: Vec<Site>,
    jobs: Vec<Job>,
}

impl Resolver<'_> {
    /// The runs that a file stands for.
    fn file(&mut self, word: &Word) -> Result<Vec<Job>, LaunchError> {
        let Word::File { file, task } = word else { return Ok(Vec::new()) };
        let (site, targets, path) = self.targets_of(file)?;
        // Of several targets with one root, some may be off by their features.
        let is_named = targets.len() == 1;
        let is_scratch = self.sites[site].scratch.is_some();
        let job = |target: Target| {
            let module = module_of(&path, &target.source).filter(|_| !is_scratch);
            let module = module.map(|module| format!("@{module}")).unwrap_or_default();
            let tasks = task.iter().map(|name| format!("{name}{module}")).collect();
            let selection = exact(&target.package_id);
            Job { site, wanted: Wanted { target, selection, is_named }, tasks }
        };
        Ok(targets.into_iter().map(job).collect())
    }

    /// The targets of a file, their workspace, and the path under which it is known there.
    fn targets_of(&mut self, file: &File) -> Result<(usize, Vec<Target>, PathBuf), LaunchError> {
        let mut first = None;
        for path in &file.paths {
            let Ok(manifest) = self.manifest(path.parent()) else { continue };
            let site = self.open(&manifest)?;
            match owners(path, &self.sites[site].workspace().targets) {
                Ok(owners) => {
                    return Ok((site, owners.into_iter().cloned().collect(), path.clone()));
                }
                Err(error) => first = first.or(Some(error)),
            }
        }
        match first {
            Some(error) if !is_meant_as_scratch(&file.real) => Err(error),
            _ => self.scratch(&file.real),
        }
    }

    fn scratch(&mut self, path: &Path) -> Result<(usize, Vec<Target>, PathBuf), LaunchError> {
        let known = self.sites.iter().position(|site| site.scratch.as_deref() == Some(path));
        let place = match known {
            Some(place) => place,
            None => {
                let package = Package::write(path, self.cache)?;
                let place = self.place(&package.manifest);
                let site = Site::open_scratch(place, path, self.interrupts);
                self.sites.push(site.map_err(|error| package.blame(error))?);
                self.sites.len() - 1
            }
        };
        Ok((place, self.sites[place].workspace().targets.clone(), path.to_owned()))
    }

    /// The manifest that was given, or the one above a folder.
    fn manifest(&self, folder: Option<&Path>) -> Result<PathBuf, LaunchError> {
        if let Some(manifest) = &self.given {
            return Ok(manifest.clone());
        }
        let folder = folder.unwrap_or(self.base);
        manifest_above(folder).ok_or_else(|| LaunchError::NoManifest { dir: folder.to_owned() })
    }

    /// The workspace of a manifest, which may be open already.
    fn open(&mut self, manifest: &Path) -> Result<usize, LaunchError> {
        let is_member = |site: &Site| {
            let mut members = site.workspace().members.iter();
            site.manifest() == manifest || members.any(|member| member.manifest == manifest)
        };
        if let Some(open) = self.sites.iter().position(is_member) {
            return Ok(open);
        }
        self.sites.push(Site::open(self.place(manifest), self.interrupts)?);
        Ok(self.sites.len() - 1)
    }

    fn place<'p>(&'p self, manifest: &'p Path) -> Place<'p> {
        let Self { base, cache, launch, .. } = self;
        Place { manifest, base, cache, options: &launch.cargo }
    }

    /// The runs of a target's name, in the first workspace that has any.
    fn named(&self, name: &str) -> Vec<Job> {
        let of_site = |(site, known): (usize, &Site)| {
            let found = named(name, &known.workspace().chosen_targets());
            found.into_iter().map(|target| self.whole(site, target, true)).collect::<Vec<_>>()
        };
        let mut found = self.sites.iter().enumerate().map(of_site);
        found.find(|jobs| !jobs.is_empty()).unwrap_or_default()
    }

    /// Takes all targets of the kinds that run when none is named.
    fn all(&mut self) {
        for kind in kinds(self.launch) {
            for site in 0..self.sites.len() {
                let targets = self.sites[site].workspace().chosen_targets();
                let runs = |target: &&&Target| {
                    target.kind == kind && (target.tested || kind != Kind::Test)
                };
                let targets = targets.iter().filter(runs);
                let jobs = targets.map(|target| self.whole(site, target, false));
                let jobs = jobs.collect::<Vec<_>>();
                self.jobs.extend(jobs);
            }
        }
    }

    fn whole(&self, site: usize, target: &Target, is_named: bool) -> Job {
        let selection = self.sites[site].selection();
        let wanted = Wanted { target: target.clone(), selection, is_named };
        Job { site, wanted, tasks: Vec::new() }
    }

    /// Adds a run: a target runs once, with all tasks that were named, or whole.
    fn push(&mut self, job: Job) {
        let same =
            |known: &&mut Job| known.site == job.site && known.wanted.target == job.wanted.target;
        match self.jobs.iter_mut().find(same) {
            None => self.jobs.push(job),
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
