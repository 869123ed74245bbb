//! From the words on the command line to the targets that are to run.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::cargo::{Cargo, manifest_above};
use super::error::LaunchError;
use super::file::{File, with_real_folder};
use super::module;
use super::scratch;
use super::site::Site;
use super::target::{Job, Kind, Owner, Target, Word, in_library, named, owner};
use crate::options::LaunchOptions;

/// What is to run, and where.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) sites: Vec<Site>,
    pub(super) jobs: Jobs,
    /// Words that name no target choose tasks.
    pub(super) filters: Vec<String>,
}

/// The targets that are to run.
#[derive(Debug)]
pub(super) enum Jobs {
    /// Each with the place of its workspace.
    Named(Vec<(usize, Job)>),
    /// All of these kinds that have the runner.
    All(Vec<Kind>),
}

/// Finds out what the words mean.
pub(super) fn resolve(
    launch: &LaunchOptions,
    base: &Path,
    cache: &Path,
) -> Result<Resolved, LaunchError> {
    let words = launch.words.iter().map(|word| Word::parse(word, base));
    let words = words.collect::<Result<Vec<_>, _>>()?;
    let given = launch.cargo.manifest.as_deref().map(check_manifest).transpose()?;
    let (sites, jobs) = (Vec::new(), Vec::new());
    let mut resolver = Resolver { launch, base, cache, given, sites, jobs };
    let files = resolver.files(&words)?;
    if resolver.sites.is_empty() {
        let manifest = resolver.manifest(None)?;
        resolver.open(manifest, None)?;
    }
    let filters = resolver.jobs(&words, files);
    Ok(resolver.finish(filters))
}

struct Resolver<'a> {
    launch: &'a LaunchOptions,
    base: &'a Path,
    cache: &'a Path,
    /// The manifest that the command line names.
    given: Option<PathBuf>,
    sites: Vec<Site>,
    jobs: Vec<(usize, Job)>,
}

impl Resolver<'_> {
    /// The runs that files stand for, in their order. They also tell which workspaces there are, in
    /// which names are then looked up.
    fn files(&mut self, words: &[Word]) -> Result<VecDeque<(usize, Job)>, LaunchError> {
        let mut jobs = VecDeque::new();
        for word in words {
            if let Word::File { file, task } = word {
                let (site, target, path) = self.target_of(file)?;
                let module = match &self.sites[site].scratch {
                    Some(_) => None,
                    None => task.as_ref().and_then(|_| module::of_file(&path, &target.source)),
                };
                jobs.push_back((site, Job { target, task: task.clone(), module }));
            }
        }
        Ok(jobs)
    }

    /// The target of a file, its workspace, and the path under which it is known there.
    fn target_of(&mut self, file: &File) -> Result<(usize, Target, PathBuf), LaunchError> {
        let mut first = None;
        for path in &file.paths {
            let Ok(manifest) = self.manifest(path.parent()) else { continue };
            let site = self.open(manifest, None)?;
            match owner(path, &self.sites[site].targets()) {
                Owner::One(target) => return Ok((site, target.clone(), path.clone())),
                other => first = first.or_else(|| Some(no_target(path, &other))),
            }
        }
        match first {
            Some(error) if !scratch::is_meant(&file.real) => Err(error),
            _ => self.scratch(&file.real),
        }
    }

    fn scratch(&mut self, path: &Path) -> Result<(usize, Target, PathBuf), LaunchError> {
        let manifest = scratch::package(path, self.cache)?;
        let opened = self.open(manifest.clone(), Some(path.to_owned()));
        let site = opened.map_err(|error| scratch::blame(path, &manifest, error))?;
        let target = self.sites[site].targets().into_iter().next();
        let target = target.ok_or_else(|| LaunchError::NoTarget { path: path.to_owned() })?;
        Ok((site, target, path.to_owned()))
    }

    /// The manifest that was given, or the one above a folder.
    fn manifest(&self, folder: Option<&Path>) -> Result<PathBuf, LaunchError> {
        if let Some(manifest) = &self.given {
            return Ok(manifest.clone());
        }
        let folder = folder.unwrap_or(self.base);
        manifest_above(folder).ok_or_else(|| LaunchError::NoManifest { dir: folder.to_owned() })
    }

    fn open(&mut self, manifest: PathBuf, scratch: Option<PathBuf>) -> Result<usize, LaunchError> {
        if let Some(open) = self.sites.iter().position(|site| site.manifest() == manifest) {
            return Ok(open);
        }
        let options = &self.launch.cargo;
        let cargo = match scratch {
            Some(_) => Cargo::hidden(manifest, options),
            None => Cargo::new(manifest, self.base, options),
        };
        self.sites.push(Site::open(cargo, self.cache, scratch)?);
        Ok(self.sites.len() - 1)
    }

    /// Takes the targets in the order of the words; words that name none are filters.
    fn jobs(&mut self, words: &[Word], mut files: VecDeque<(usize, Job)>) -> Vec<String> {
        let mut filters = Vec::new();
        for word in words {
            match word {
                Word::File { .. } => {
                    files.pop_front().into_iter().for_each(|(site, job)| self.push(site, job));
                }
                Word::Name(name) => match self.named(name) {
                    Some((site, targets)) => {
                        targets.into_iter().for_each(|target| self.push(site, Job::whole(target)));
                    }
                    None => filters.push(name.clone()),
                },
            }
        }
        filters
    }

    /// The targets of a name, in the first workspace that has any.
    fn named(&self, name: &str) -> Option<(usize, Vec<Target>)> {
        self.sites.iter().enumerate().find_map(|(site, known)| {
            let targets = known.targets();
            let found = named(name, &targets).into_iter().cloned().collect::<Vec<_>>();
            (!found.is_empty()).then_some((site, found))
        })
    }

    fn push(&mut self, site: usize, job: Job) {
        if !self.jobs.contains(&(site, job.clone())) {
            self.jobs.push((site, job));
        }
    }

    fn finish(self, filters: Vec<String>) -> Resolved {
        let flagged = [(self.launch.examples, Kind::Example), (self.launch.bins, Kind::Bin)];
        let kinds = flagged.into_iter().filter(|(on, _)| *on).map(|(_, kind)| kind);
        let kinds = kinds.collect::<Vec<_>>();
        let jobs = if !self.jobs.is_empty() {
            Jobs::Named(self.jobs)
        } else if kinds.is_empty() {
            Jobs::All(vec![Kind::Test])
        } else {
            Jobs::All(kinds)
        };
        Resolved { sites: self.sites, jobs, filters }
    }
}

/// Cargo's own complaint would be one about the build.
fn check_manifest(path: &Path) -> Result<PathBuf, LaunchError> {
    if path.ends_with("Cargo.toml") && path.is_file() {
        return Ok(with_real_folder(path));
    }
    let inside = path.join("Cargo.toml");
    let offers = inside.is_file().then(|| inside.display().to_string()).into_iter().collect();
    Err(LaunchError::NotAManifest { path: path.to_owned(), offers })
}

fn no_target(path: &Path, owner: &Owner<'_>) -> LaunchError {
    let path = path.to_owned();
    match owner {
        Owner::Many(many) => {
            let targets = many.iter().map(|target| target.name.clone()).collect();
            LaunchError::ManyTargets { path, targets }
        }
        _ if in_library(&path) => LaunchError::Library { path },
        _ => LaunchError::NoTarget { path },
    }
}
