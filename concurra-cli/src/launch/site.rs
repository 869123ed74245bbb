//! A workspace, and the programs that cargo built in it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use super::build::{Built, Job, Request, build};
use super::cache::Cache;
use super::error::LaunchError;
use super::idle_tests;
use super::program::Program;
use super::stamp::{Stamp, collect, overlooked, sources};
use super::targets::{Target, Workspace, find_dependencies, output_of};
use super::words::manifest_above;
use crate::cargo::Cargo;
use crate::console::quoted;

/// How often `mtrun` lets cargo build anew after a mistake: simultaneous builds disturb each other.
const TRIES: usize = 3;

/// A workspace, or the hidden package of a scratch file.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) cargo: Cargo,
    /// The file in the hidden package.
    pub(crate) scratch: Option<PathBuf>,
    pub(crate) stamp: Stamp,
    /// None when `mtrun` cannot keep stamps safely.
    stamp_file: Option<PathBuf>,
    /// When `mtrun` looked at the workspace.
    opened: SystemTime,
}

impl Site {
    /// Opens a workspace, or the hidden package of the file `scratch`.
    pub(crate) fn open(
        mut cargo: Cargo,
        scratch: Option<PathBuf>,
        cache: &Cache,
    ) -> Result<Self, LaunchError> {
        let opened = SystemTime::now();
        let stamp_file = cache.stamp_file(&cargo.identity());
        let stamp = match stamp_file.as_deref().and_then(Stamp::load) {
            Some(stamp) => stamp,
            None => Stamp { workspace: Workspace::load(&cargo)?, ..Stamp::default() },
        };
        if scratch.is_some() && stamp.programs.is_empty() {
            // A dependency that cargo refuses is a mistake in the file, not in the build.
            find_dependencies(&cargo)?;
        } else if scratch.is_none() && cargo.base.starts_with(&stamp.workspace.root) {
            cargo.dir.clone_from(&cargo.base);
        }
        Ok(Self { cargo, scratch, stamp, stamp_file, opened })
    }

    /// Builds the targets of these jobs, unless cargo has built all of them.
    pub(crate) fn build(&mut self, jobs: &[&Job]) -> Result<(), LaunchError> {
        // Cargo itself prints why it cannot build a target that the person named.
        let is_built = |job: &&Job| {
            let program = self.stamp.program(&job.target);
            program.is_some_and(|program| program.file.is_some() || !job.is_named)
        };
        if jobs.iter().all(is_built) { Ok(()) } else { self.build_again(jobs) }
    }

    /// Lets cargo build the targets of these jobs.
    pub(crate) fn build_again(&mut self, jobs: &[&Job]) -> Result<(), LaunchError> {
        Request::of(jobs).iter().try_for_each(|request| self.request(request))
    }

    /// Lets cargo build, and build anew after a mistake.
    fn request(&mut self, request: &Request<'_>) -> Result<(), LaunchError> {
        let mut tries = 0..TRIES;
        let (built, mut programs) = loop {
            let built = build(&self.cargo, request)?;
            let programs = request.jobs.iter().map(|job| built.program(&job.target));
            let programs = programs.collect::<Vec<_>>();
            let Some((packages, why)) = self.mistake(&programs, &built) else {
                break (built, programs);
            };
            if tries.next().is_none() {
                return Err(LaunchError::Mistaken { why });
            }
            eprintln!("{why}; building it anew");
            self.clean(&packages)?;
        };
        for program in &mut programs {
            program.count_other_tests(&self.cargo.interrupts);
            if program.has_own_main() {
                let sources = sources(&self.stamp.workspace.root, &built, &program.target);
                program.idle_tests = idle_tests::count(&sources);
            }
        }
        self.stamp.programs.retain(|old| programs.iter().all(|new| new.target != old.target));
        self.stamp.programs.extend(programs);
        self.keep(&built);
        Ok(())
    }

    /// Cargo's mistake, and the packages to build anew. Cargo mistakes packages of one name for
    /// each other when they share a target folder, or after their folder moved, and overlooks
    /// a source that an older file replaced.
    fn mistake(&self, programs: &[Program], built: &Built) -> Option<(Vec<String>, String)> {
        let workspace = &self.stamp.workspace;
        for program in programs {
            if let Some(other) = program.is_another(workspace) {
                let members = workspace.members.iter().map(|member| member.id.clone());
                let root = program.target.source.display();
                let why = format!("cargo gave the program of {other} for `{root}`");
                return Some((members.collect(), why));
            }
        }
        let (source, package) = overlooked(&workspace.root, built)?;
        let why =
            format!("cargo overlooked the change of `{}`, whose time is old", source.display());
        Some((vec![package.repr], why))
    }

    /// Makes cargo forget the builds of packages.
    fn clean(&self, packages: &[String]) -> Result<(), LaunchError> {
        // `cargo clean` accepts all options of a build except those for features.
        let is_accepted = |option: &&OsString| {
            let option = option.to_string_lossy();
            option.split('=').next().is_some_and(|name| !name.ends_with("features"))
        };
        let mut command = self.cargo.command(&[], "clean");
        command.arg("--quiet").args(self.cargo.options.build.iter().filter(is_accepted));
        command.args(packages.iter().flat_map(|package| ["--package", package]));
        output_of(&self.cargo, command).map(drop)
    }

    /// Keeps the stamp when `mtrun` knows all inputs of the build. Otherwise `mtrun` keeps no stamp
    /// any more: the inputs of a later build would vouch for the programs of this one.
    fn keep(&mut self, built: &Built) {
        let file = self.stamp_file.take().filter(|_| !built.config.cargo_must_start);
        let Some(file) = file else { return };
        let inputs = collect(&self.cargo, &self.stamp.workspace, built);
        let inputs = inputs.filter(|inputs| inputs.are_older_than(self.opened));
        let known = std::mem::take(&mut self.stamp.inputs);
        if let Some(inputs) = inputs.and_then(|inputs| known.merge(inputs)) {
            self.stamp.inputs = inputs;
            self.stamp.save(&file);
            self.stamp_file = Some(file);
        }
    }

    /// The command with which cargo itself starts a target; its arguments follow.
    pub(crate) fn command_through_cargo(&self, target: &Target) -> Command {
        let mut command = self.cargo.build_command(&[], target.kind.subcommand());
        if self.scratch.is_some() {
            // The program runs where cargo does.
            command.current_dir(&self.cargo.base);
        }
        let option = target.kind.option();
        command.args(["--quiet", "--package", &target.package_id, &option, &target.name, "--"]);
        command
    }

    /// The command that runs a target without `mtrun`.
    pub(crate) fn command_without_mtrun(&self, target: &Target) -> String {
        let mut words: Vec<OsString> = vec!["cargo".into(), target.kind.subcommand().into()];
        if manifest_above(&self.cargo.base).as_ref() != Some(&self.cargo.manifest) {
            words.extend(["--manifest-path".into(), self.cargo.manifest.clone().into()]);
        }
        if self.stamp.workspace.members.len() > 1 {
            words.extend(["-p".into(), target.package.clone().into()]);
        }
        words.extend(self.cargo.options.build.iter().cloned());
        words.extend([target.kind.option().into(), target.name.clone().into()]);
        words.iter().map(quoted).collect::<Vec<_>>().join(" ")
    }

    /// A target's source as the person would write it.
    pub(crate) fn label(&self, target: &Target) -> String {
        let source = self.scratch.as_ref().unwrap_or(&target.source);
        source.strip_prefix(&self.cargo.base).unwrap_or(source).display().to_string()
    }
}
