//! A workspace, and what cargo built in it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use super::build::{Built, Request, build};
use super::cache::{Cache, hash_of};
use super::error::LaunchError;
use super::job::Job;
use super::program::{Program, ProgramFile};
use super::stamp::{Stamp, collect};
use super::targets::{Kind, Target, Workspace, find_dependencies};
use crate::cargo::{Cargo, Config};
use crate::supervise::Interrupts;

/// A workspace, or the hidden package of a scratch file.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) cargo: Cargo,
    /// The file that the hidden package was made for.
    pub(crate) scratch: Option<PathBuf>,
    pub(crate) stamp: Stamp,
    /// None when stamps cannot be kept safely.
    stamp_file: Option<PathBuf>,
    /// When the workspace was looked at.
    opened: SystemTime,
    /// A source that cargo would not build anew, though it changed.
    overlooked: Option<PathBuf>,
}

impl Site {
    /// Opens a workspace, or the hidden package of the file `scratch`.
    pub(crate) fn open(
        mut cargo: Cargo,
        scratch: Option<&Path>,
        cache: &Cache,
        interrupts: &Interrupts,
    ) -> Result<Self, LaunchError> {
        let opened = SystemTime::now();
        let stamp_file = cache.stamp_file(&hash_of(&cargo.identity()));
        let known = stamp_file.as_deref().and_then(Stamp::load);
        let (stamp, overlooked) = match known {
            Some(stamp) if stamp.inputs.are_unchanged() => (stamp, None),
            known => {
                let workspace = Workspace::load(&cargo, interrupts)?;
                if scratch.is_some() {
                    // A dependency that cargo refuses is a mistake in the file, not in the build.
                    find_dependencies(&cargo, interrupts)?;
                }
                let written = stamp_file.as_deref().and_then(|file| file.metadata().ok());
                let written = written.and_then(|file| file.modified().ok());
                let overlooked = known.zip(written).and_then(|(stamp, written)| {
                    stamp.inputs.replaced_by_older(written).map(Path::to_owned)
                });
                (Stamp::new(workspace), overlooked)
            }
        };
        if scratch.is_none() && cargo.base.starts_with(&stamp.workspace.root) {
            cargo.dir.clone_from(&cargo.base);
        }
        let scratch = scratch.map(Path::to_owned);
        Ok(Self { cargo, scratch, stamp, stamp_file, opened, overlooked })
    }

    /// Builds what is to run, unless all of it is built already.
    pub(crate) fn build(
        &mut self,
        jobs: &[&Job],
        interrupts: &Interrupts,
    ) -> Result<(), LaunchError> {
        // Cargo itself prints why it cannot build a target that was named.
        let is_built = |job: &&Job| {
            let program = self.stamp.program(&job.target);
            program.is_some_and(|program| program.file.is_some() || !job.is_named)
        };
        if jobs.iter().all(is_built) { Ok(()) } else { self.build_again(jobs, interrupts) }
    }

    /// Asks cargo for what is to run, whatever is known of it.
    pub(crate) fn build_again(
        &mut self,
        jobs: &[&Job],
        interrupts: &Interrupts,
    ) -> Result<(), LaunchError> {
        let config = self.cargo.config();
        if let Some(source) = self.overlooked.take() {
            let source = source.display();
            eprintln!("`{source}` was replaced by an older file; building its package anew");
            self.clean(interrupts)?;
            // The old stamp would ask for it again if this build failed.
            self.stamp_file.as_deref().map(std::fs::remove_file);
        }
        for request in Request::of(jobs) {
            self.ask(&config, &request, interrupts)?;
        }
        Ok(())
    }

    /// Lets cargo build. The program that it gives must be the one of the target: cargo mistakes
    /// packages of one name for each other when they share a target folder, or when a folder was
    /// moved.
    fn ask(
        &mut self,
        config: &Config,
        request: &Request<'_>,
        interrupts: &Interrupts,
    ) -> Result<(), LaunchError> {
        let mut built = build(&self.cargo, config, request, interrupts)?;
        let mut programs = programs(request, &built);
        if let Some((target, other)) = self.mistaken(&programs) {
            let root = target.source.display();
            eprintln!("cargo gave the program of {other} for `{root}`; building it anew");
            self.clean(interrupts)?;
            built = build(&self.cargo, config, request, interrupts)?;
            programs = self::programs(request, &built);
        }
        if let Some((target, other)) = self.mistaken(&programs) {
            let root = target.source.clone();
            return Err(LaunchError::WrongProgram { root, other });
        }
        for file in programs.iter_mut().filter_map(|program| program.file.as_mut()) {
            file.count_other_tests(interrupts);
        }
        self.stamp.programs.retain(|old| programs.iter().all(|new| new.target != old.target));
        self.stamp.programs.extend(programs);
        self.keep(config, &built);
        Ok(())
    }

    /// A target for which cargo gave another's program, and what that is.
    fn mistaken<'p>(&self, programs: &'p [Program]) -> Option<(&'p Target, String)> {
        let workspace = &self.stamp.workspace;
        programs.iter().find_map(|program| Some((&program.target, program.is_another(workspace)?)))
    }

    /// Makes cargo forget what it built of the workspace. It never mistakes other packages, whose
    /// folders are part of their identity.
    fn clean(&self, interrupts: &Interrupts) -> Result<(), LaunchError> {
        const PLACES: [&str; 6] =
            ["--release", "--profile=", "--target=", "--target-dir=", "--locked", "--offline"];
        let names_place = |option: &&OsString| {
            let option = option.to_string_lossy();
            PLACES.iter().any(|begin| option.starts_with(begin))
        };
        let mut command = self.cargo.command(&[], "clean");
        command.arg("--quiet").args(self.cargo.options.build.iter().filter(names_place));
        for member in &self.stamp.workspace.members {
            command.args(["--package", &member.id]);
        }
        let child = interrupts.start(command.stdout(Stdio::null()), None);
        let status = child.and_then(|child| child.wait()).map_err(LaunchError::Cargo)?;
        if status.success() { Ok(()) } else { Err(LaunchError::Build) }
    }

    /// Keeps what is known, if all that it depends on is known. Otherwise nothing is kept any more:
    /// the inputs of a later build would vouch for the programs of this one.
    fn keep(&mut self, config: &Config, built: &Built) {
        let Some(file) = self.stamp_file.take().filter(|_| !config.cargo_must_start()) else {
            return;
        };
        let inputs = collect(&self.cargo, config, &self.stamp.workspace, built);
        let inputs = inputs.filter(|inputs| inputs.are_older_than(self.opened));
        if inputs.is_some_and(|inputs| self.stamp.inputs.merge(inputs)) {
            self.stamp.save(&file);
            self.stamp_file = Some(file);
        }
    }

    /// The command with which cargo itself starts a target; its arguments follow.
    pub(crate) fn command_through_cargo(&self, target: &Target) -> Command {
        let subcommand = if target.kind == Kind::Test { "test" } else { "run" };
        let mut command = self.cargo.build_command(&[], subcommand);
        let kind = format!("--{}", target.kind.as_str());
        command.args(["--quiet", "--package", &target.package_id, &kind, &target.name, "--"]);
        command
    }

    /// A target's source as the person would write it.
    pub(crate) fn label(&self, target: &Target) -> String {
        let source = self.scratch.as_ref().unwrap_or(&target.source);
        source.strip_prefix(&self.cargo.base).unwrap_or(source).display().to_string()
    }
}

fn programs(request: &Request<'_>, built: &Built) -> Vec<Program> {
    let program = |job: &&Job| {
        let target = job.target.clone();
        let file = built.executable(&target).map(|path| {
            let start = built.start(&path);
            ProgramFile::new(&target, path, start)
        });
        Program { target, file }
    };
    request.jobs.iter().map(program).collect()
}
