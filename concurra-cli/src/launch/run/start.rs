//! How a target's runner is started.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::console::quoted;
use crate::launch::error::LaunchError;
use crate::launch::job::Job;
use crate::launch::program::Program;
use crate::launch::site::Site;
use crate::launch::targets::Kind;
use crate::options::{ARGS_VARIABLE, MtrunOptions, args_for_variable};
use crate::supervise::Interrupts;
use crate::supervise::{Invitation, PROTOCOL};

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
    pub(crate) job: &'a Job,
    pub(crate) program: &'a Program,
    pub(crate) site: &'a Site,
    pub(crate) args: Vec<OsString>,
    pub(crate) printed: Printed,
    /// What `mtrun` sends to the runner.
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
        job: &'s Job,
    ) -> Result<Start<'s>, LaunchError> {
        let Job { target, label, .. } = job;
        if site.stamp.program(target).is_some_and(|program| !program.is_unchanged()) {
            site.build_again(&[job])?;
        }
        let program = site.stamp.program(target).filter(|program| program.file.is_some());
        let Some(program) = program else {
            return Err(LaunchError::NotBuilt { label: label.clone() });
        };
        let Some(marker) = &program.marker else {
            // A simultaneous build may have replaced the program before `mtrun` read it.
            let why = format!("another build replaced the program of `{label}`");
            let is_unchanged = program.is_unchanged();
            return Err(if is_unchanged {
                no_runner(job, site)
            } else {
                LaunchError::Mistaken { why }
            });
        };
        if marker.protocol != PROTOCOL {
            let (version, protocol) = (marker.version.clone(), marker.protocol);
            return Err(LaunchError::Version { label: label.clone(), version, protocol });
        }
        let invitation = Invitation {
            base: self.base.to_owned(),
            command: self.command_for(&site.label(target)),
            several: self.several,
            target: marker.identity(),
            ..Invitation::default()
        };
        let printed = Printed::Everything;
        Ok(Start { job, site, program, args: self.args(job), printed, invitation })
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
        self.program.start.is_some()
    }

    /// The command that starts the runner. It also decides whether `mtrun` sends its stdout.
    pub(crate) fn command(&mut self) -> Command {
        let target = &self.job.target;
        let mut command = match &self.program.start {
            Some(start) => start.command(target.kind),
            None => self.site.command_through_cargo(target),
        };
        let harness = self.program.is_harness();
        if harness {
            // Two threads keep libtest from printing the test's name before the test runs.
            command.args(["concurra", "--exact", "--nocapture", "--test-threads=2"]);
            command.env(ARGS_VARIABLE, args_for_variable(&self.args));
        } else {
            command.args(&self.args).env_remove(ARGS_VARIABLE);
        }
        let prints = self.printed == Printed::Everything;
        self.invitation.sends_stdout = harness && prints;
        if harness || !prints {
            command.stdout(Stdio::null());
        }
        if !prints {
            command.stdin(Stdio::null());
        }
        if self.printed == Printed::Nothing {
            command.stderr(Stdio::null());
        }
        command
    }
}

fn no_runner(job: &Job, site: &Site) -> LaunchError {
    let place = match job.target.kind {
        Kind::Test => "in it",
        // It has a `main` of its own.
        Kind::Example | Kind::Bin => "in place of its `main`",
    };
    let command = site.command_without_mtrun(&job.target);
    LaunchError::NoRunner { label: job.label.clone(), place, command }
}
