//! How `mtrun` starts the runner of a target.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::console::quoted;
use crate::launch::build::Job;
use crate::launch::error::LaunchError;
use crate::launch::program::Program;
use crate::launch::site::Site;
use crate::launch::targets::{Kind, Target};
use crate::marker::Marker;
use crate::options::{ARGS_VARIABLE, MtrunOptions, args_for_variable};
use crate::report::ReportTo;
use crate::supervise::{Interrupts, Invitation, PROTOCOL};

/// The common settings of all runners of one call of `mtrun`.
#[derive(Debug)]
pub(crate) struct Starter<'a> {
    /// The name of `mtrun` on the command line.
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
pub(crate) struct Start {
    pub(crate) command: Command,
    /// The message of `mtrun` to the runner.
    pub(crate) invitation: Invitation,
    /// Whether `mtrun` itself starts the program, without cargo and its configured runner between.
    pub(crate) is_direct: bool,
    /// Whether the runner only answers questions, prints no lists and runs no task.
    pub(crate) is_asked: bool,
}

impl Starter<'_> {
    /// The start of a target's runner, with one more option.
    pub(crate) fn start(
        &self,
        site: &mut Site,
        job: &Job,
        option: Option<String>,
        is_asked: bool,
    ) -> Result<Start, LaunchError> {
        // Another build may have replaced the program, also one of this call: two targets may share
        // a file.
        if site.stamp.program(&job.target).is_some_and(|program| !program.is_unchanged()) {
            site.build_again(&[job])?;
        }
        let (program, marker) = checked(site, &job.target)?;
        let mut command = match &program.start {
            Some(start) => start.command(job.target.kind),
            None => site.command_through_cargo(&job.target),
        };
        let args = self.args(job, option);
        if marker.harness {
            // Two threads keep libtest from printing the test's name before the test runs.
            command.args(["concurra", "--exact", "--nocapture", "--test-threads=2"]);
            command.env(ARGS_VARIABLE, args_for_variable(&args));
        } else {
            command.args(&args).env_remove(ARGS_VARIABLE);
        }
        if is_asked {
            command.stdin(Stdio::null());
        }
        if marker.harness || is_asked {
            command.stdout(Stdio::null());
        } else if self.options.run.reports.iter().any(ReportTo::is_stdout) {
            // What the program or cargo's runner prints must not stand in the report.
            command.stdout(io::stderr());
        }
        let invitation = Invitation {
            base: self.base.to_owned(),
            command: self.command_for(&site.label(&job.target)),
            several: self.several,
            target: marker.identity.join("\n"),
            sends_stdout: marker.harness && !is_asked,
            ..Invitation::default()
        };
        Ok(Start { command, invitation, is_direct: program.start.is_some(), is_asked })
    }

    /// The runner's arguments: the words in its form, and its options as the person wrote them.
    fn args(&self, job: &Job, option: Option<String>) -> Vec<OsString> {
        let color = if self.color { "always" } else { "never" };
        let mut args = vec![format!("--color={color}").into()];
        args.extend(job.tasks.iter().map(|task| format!("--task={task}").into()));
        args.extend(self.filters.iter().map(OsString::from));
        args.extend(self.options.launch.passed.iter().cloned());
        args.extend(option.map(OsString::from));
        args
    }

    /// The command that runs this target again, as a shell takes it.
    fn command_for(&self, label: &str) -> String {
        let cargo = &self.options.launch.cargo;
        let option = |name: &str, value: OsString| [name.into(), value];
        let packages = cargo.packages.iter().map(|package| option("-p", package.into()));
        let manifest = cargo.manifest.iter().map(|path| option("--manifest-path", path.into()));
        // `--profile` has another meaning in other test runners, so ours has another name than cargo's.
        let build = cargo.build.iter().map(|option| match option.to_str() {
            Some(text) if text.starts_with("--profile=") => {
                text.replacen("--", "--cargo-", 1).into()
            }
            _ => option.clone(),
        });
        let words = packages.chain(manifest).flatten().chain(build);
        let words = words.chain([label.into()]).map(quoted);
        std::iter::once(self.program.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// The program of a target, if it has a runner that fits this `mtrun`.
fn checked<'s>(site: &'s Site, target: &Target) -> Result<(&'s Program, &'s Marker), LaunchError> {
    let program = site.stamp.program(target).filter(|program| program.file.is_some());
    let program = program.ok_or(LaunchError::NotBuilt)?;
    match &program.marker {
        Some(marker) if marker.protocol == PROTOCOL => Ok((program, marker)),
        Some(Marker { protocol, version, .. }) => {
            Err(LaunchError::Version { version: version.clone(), protocol: *protocol })
        }
        // A simultaneous build may have replaced the program before `mtrun` read it.
        None if !program.is_unchanged() => {
            Err(LaunchError::Mistaken { why: "another build replaced the program".to_owned() })
        }
        None => {
            // An example or a binary has a `main`.
            let is_test = target.kind == Kind::Test;
            let place = if is_test { "in it" } else { "in place of its `main`" };
            Err(LaunchError::NoRunner { place, command: site.command_without_mtrun(target) })
        }
    }
}
