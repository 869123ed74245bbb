//! How a target's runner is started.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::launch::error::LaunchError;
use crate::launch::interrupts::Interrupts;
use crate::launch::program::{HandedOver, ProgramFile};
use crate::launch::resolve::Job;
use crate::launch::site::Site;
use crate::launch::targets::{Kind, Target};
use crate::options::{ARGS_VARIABLE, MtrunOptions, args_for_variable};
use crate::report::quoted;
use crate::supervise::{Invitation, PROTOCOL};

/// A target to run, and how messages and headings name it.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) job: Job,
    pub(crate) label: String,
}

/// What all runners of one call of `mtrun` have in common.
#[derive(Debug)]
pub(crate) struct Starter<'a> {
    /// How `mtrun` was called.
    pub(crate) program: &'a str,
    pub(crate) base: &'a Path,
    pub(crate) color: bool,
    pub(crate) options: &'a MtrunOptions,
    /// Words that name no target choose tasks.
    pub(crate) filters: Vec<String>,
    /// Whether each is one of several.
    pub(crate) several: bool,
    pub(crate) interrupts: &'a Interrupts,
}

/// A runner to start.
#[derive(Debug)]
pub(crate) struct Start<'a> {
    /// For messages.
    pub(crate) label: &'a str,
    site: &'a Site,
    target: &'a Target,
    file: &'a ProgramFile,
    /// Its `main` is libtest's.
    harness: bool,
    pub(crate) args: Vec<OsString>,
    pub(crate) printed: Printed,
    /// What `mtrun` tells the runner.
    pub(crate) invitation: Invitation,
}

/// What is passed on of what a runner prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Printed {
    Everything,
    Errors,
    Nothing,
}

impl Starter<'_> {
    /// The start of a target's runner. Another build may have replaced its program, also one of
    /// this call, when two targets are built into one file; then cargo is asked again.
    pub(crate) fn start<'s>(
        &self,
        site: &'s mut Site,
        run: &'s Run,
    ) -> Result<Start<'s>, LaunchError> {
        let Run { job, label } = run;
        let (target, name) = (&job.wanted.target, label.clone());
        if site.program(target).is_some_and(|program| !program.is_unchanged()) {
            site.build_again(std::slice::from_ref(&job.wanted), self.interrupts)?;
        }
        let file = site.program(target).and_then(|program| program.file.as_ref());
        let Some(file) = file else { return Err(LaunchError::NotBuilt { target: name }) };
        let Some(marker) = &file.marker else {
            let place = match target.kind {
                Kind::Test => "in it",
                // It has a `main` of its own.
                Kind::Example | Kind::Bin => "in place of its `main`",
            };
            let without = site.command_without_mtrun(target, self.base);
            return Err(LaunchError::NoRunner { target: name, place, without });
        };
        if marker.protocol != PROTOCOL {
            let (version, protocol) = (marker.version.clone(), marker.protocol);
            return Err(LaunchError::Version { target: name, version, protocol });
        }
        let file_name = self::label(self.base, site, target);
        let (base, command) = (self.base.to_owned(), self.command_for(&file_name));
        let (identity, several) = (marker.identity(), self.several);
        let invitation =
            Invitation { base, command, several, target: identity, ..Invitation::default() };
        let (args, printed) = (self.args(job), Printed::Everything);
        let harness = marker.harness;
        Ok(Start { label, site, target, file, harness, args, printed, invitation })
    }

    /// The runner's arguments: the words in its form, and its own options as they were written.
    fn args(&self, job: &Job) -> Vec<OsString> {
        let color = if self.color { "always" } else { "never" };
        let mut args = vec![format!("--color={color}").into()];
        args.extend(job.tasks.iter().map(|task| format!("--task={task}").into()));
        args.extend(self.filters.iter().map(OsString::from));
        args.extend(self.options.launch.passed.iter().cloned());
        args
    }

    /// The command that runs this target again, as a shell takes it.
    fn command_for(&self, label: &str) -> String {
        let cargo = &self.options.launch.cargo;
        let option = |name: &str, value: OsString| [name.into(), value];
        let packages = cargo.packages.iter().map(|package| option("-p", package.into()));
        let manifest = cargo.manifest.iter().map(|path| option("--manifest-path", path.into()));
        let words = packages.chain(manifest).flatten().chain(cargo.build.iter().cloned());
        let words = words.chain([label.into()]).map(quoted);
        std::iter::once(self.program.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

impl Start<'_> {
    /// Whether `mtrun` itself starts the program, without cargo and its configured runner between.
    pub(crate) const fn is_direct(&self) -> bool {
        self.file.start.is_some()
    }

    /// The command that starts the runner. It also decides whether `mtrun` sends its stdout.
    pub(crate) fn command(&mut self) -> Command {
        let mut command = match &self.file.start {
            Some(start) => direct(start),
            None => self.site.command_through_cargo(self.target),
        };
        if self.harness {
            // Two threads keep libtest from printing the test's name before the test runs.
            command.args(["concurra", "--exact", "--nocapture", "--test-threads=2"]);
            command.env(ARGS_VARIABLE, args_for_variable(&self.args));
        } else {
            command.args(&self.args).env_remove(ARGS_VARIABLE);
        }
        self.invitation.sends_stdout = self.harness && self.printed == Printed::Everything;
        if self.harness || self.printed != Printed::Everything {
            command.stdout(Stdio::null());
        }
        if self.printed != Printed::Everything {
            command.stdin(Stdio::null());
        }
        if self.printed == Printed::Nothing {
            command.stderr(Stdio::null());
        }
        command
    }
}

fn direct(start: &HandedOver) -> Command {
    let mut command = Command::new(&start.path);
    command.arg0(&start.name).envs(start.variables.iter().map(|(name, value)| (name, value)));
    if let Some(dir) = &start.dir {
        command.current_dir(dir);
    }
    command
}

/// A target's source as a person would write it here.
pub(crate) fn label(base: &Path, site: &Site, target: &Target) -> String {
    let source = site.scratch.as_ref().unwrap_or(&target.source);
    source.strip_prefix(base).unwrap_or(source).display().to_string()
}
