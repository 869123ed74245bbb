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
use super::stamp::{Stamp, collect, overlooked};
use super::targets::{Kind, Target, Workspace, find_dependencies};
use super::words::manifest_above;
use crate::cargo::{Cargo, Config};
use crate::console::quoted;
use crate::supervise::Interrupts;

/// How often cargo may build anew what it got wrong: builds at the same time get in each other's way.
const TRIES: usize = 3;

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
        let stamp = match stamp_file.as_deref().and_then(Stamp::load) {
            Some(stamp) => stamp,
            None => Stamp::new(Workspace::load(&cargo, interrupts)?),
        };
        if scratch.is_some() && stamp.programs.is_empty() {
            // A dependency that cargo refuses is a mistake in the file, not in the build.
            find_dependencies(&cargo, interrupts)?;
        } else if scratch.is_none() && cargo.base.starts_with(&stamp.workspace.root) {
            cargo.dir.clone_from(&cargo.base);
        }
        let scratch = scratch.map(Path::to_owned);
        Ok(Self { cargo, scratch, stamp, stamp_file, opened })
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
        for request in Request::of(jobs) {
            self.ask(&config, &request, interrupts)?;
        }
        Ok(())
    }

    /// Lets cargo build, and build anew what it got wrong.
    fn ask(
        &mut self,
        config: &Config,
        request: &Request<'_>,
        interrupts: &Interrupts,
    ) -> Result<(), LaunchError> {
        let mut tries = 0;
        let (built, mut programs) = loop {
            let built = build(&self.cargo, config, request, interrupts)?;
            let programs = programs(request, &built);
            let Some((packages, why)) = self.mistake(&programs, &built) else {
                break (built, programs);
            };
            if tries == TRIES {
                return Err(LaunchError::Mistaken { why });
            }
            tries += 1;
            eprintln!("{why}; building it anew");
            self.clean(&packages, interrupts)?;
        };
        for file in programs.iter_mut().filter_map(|program| program.file.as_mut()) {
            file.count_other_tests(interrupts);
        }
        self.stamp.programs.retain(|old| programs.iter().all(|new| new.target != old.target));
        self.stamp.programs.extend(programs);
        self.keep(config, &built);
        Ok(())
    }

    /// What cargo got wrong, and the packages to build anew. It mistakes packages of one name for
    /// each other when they share a target folder, or when a folder was moved, and overlooks a
    /// source that an older one replaced.
    fn mistake(&self, programs: &[Program], built: &Built) -> Option<(Vec<String>, String)> {
        let workspace = &self.stamp.workspace;
        let mut another = programs.iter().map(|made| (made.is_another(workspace), &made.target));
        if let Some((Some(other), target)) = another.find(|(other, _)| other.is_some()) {
            let members = workspace.members.iter().map(|member| member.id.clone());
            let root = target.source.display();
            let why = format!("cargo gave the program of {other} for `{root}`");
            return Some((members.collect(), why));
        }
        let (source, package) = overlooked(&workspace.root, built)?;
        let why =
            format!("cargo overlooked the change of `{}`, whose time is old", source.display());
        Some((vec![package.repr], why))
    }

    /// Makes cargo forget what it built of packages.
    fn clean(&self, packages: &[String], interrupts: &Interrupts) -> Result<(), LaunchError> {
        const PLACES: [&str; 6] =
            ["--release", "--profile=", "--target=", "--target-dir=", "--locked", "--offline"];
        let names_place = |option: &&OsString| {
            let option = option.to_string_lossy();
            PLACES.iter().any(|begin| option.starts_with(begin))
        };
        let mut command = self.cargo.command(&[], "clean");
        command.arg("--quiet").args(self.cargo.options.build.iter().filter(names_place));
        for package in packages {
            command.args(["--package", package]);
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
        let mut command = self.cargo.build_command(&[], subcommand(target));
        if self.scratch.is_some() {
            // The program runs where cargo does.
            command.current_dir(&self.cargo.base);
        }
        let kind = format!("--{}", target.kind.as_str());
        command.args(["--quiet", "--package", &target.package_id, &kind, &target.name, "--"]);
        command
    }

    /// What the person types to run a target without `mtrun`.
    pub(crate) fn command_without_mtrun(&self, target: &Target) -> String {
        let mut words: Vec<OsString> = vec!["cargo".into(), subcommand(target).into()];
        if manifest_above(&self.cargo.base).as_ref() != Some(&self.cargo.manifest) {
            words.extend(["--manifest-path".into(), self.cargo.manifest.clone().into()]);
        }
        if self.stamp.workspace.members.len() > 1 {
            words.extend(["-p".into(), target.package.clone().into()]);
        }
        words.extend(self.cargo.options.build.iter().cloned());
        words.extend([format!("--{}", target.kind.as_str()).into(), target.name.clone().into()]);
        words.iter().map(quoted).collect::<Vec<_>>().join(" ")
    }

    /// A target's source as the person would write it.
    pub(crate) fn label(&self, target: &Target) -> String {
        let source = self.scratch.as_ref().unwrap_or(&target.source);
        source.strip_prefix(&self.cargo.base).unwrap_or(source).display().to_string()
    }
}

const fn subcommand(target: &Target) -> &'static str {
    match target.kind {
        Kind::Test => "test",
        Kind::Example | Kind::Bin => "run",
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
