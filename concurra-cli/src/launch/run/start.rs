//! How a target's runner is started.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::listing;
use crate::launch::error::LaunchError;
use crate::launch::interrupts::Interrupts;
use crate::launch::program::{HandedOver, Marker};
use crate::launch::resolve::{Job, NamedTask};
use crate::launch::site::Site;
use crate::launch::targets::{Kind, Target};
use crate::launch::words::choose_task;
use crate::options::{ARGS_VARIABLE, MtrunOptions};
use crate::report::quoted;
use crate::supervise::{Invitation, PROTOCOL, VARIABLE};

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
pub(crate) struct Start {
    /// For messages.
    pub(crate) label: String,
    pub(crate) launch: Launch,
    /// Its `main` is libtest's.
    pub(crate) harness: bool,
    pub(crate) args: Vec<String>,
    pub(crate) printed: Printed,
    /// What `mtrun` tells the runner.
    pub(crate) invitation: Invitation,
}

/// Who starts the program.
#[derive(Debug)]
pub(crate) enum Launch {
    /// `mtrun`, as cargo would.
    Direct(HandedOver),
    /// Cargo, with the runner of its configuration between.
    Cargo(Command),
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
    pub(crate) fn start(&self, site: &mut Site, run: &Run) -> Result<Start, LaunchError> {
        let Run { job, label } = run;
        if site.program(&job.wanted.target).is_some_and(|program| !program.is_unchanged()) {
            site.build_again(std::slice::from_ref(&job.wanted), self.interrupts)?;
        }
        let (launch, marker) = self.launch(site, &job.wanted.target, label)?;
        let (base, command) = (self.base.to_owned(), self.command_for(label));
        let (target, several) = (marker.identity(), self.several);
        let invitation = Invitation { base, command, several, target, ..Invitation::default() };
        let (label, args, printed) = (label.clone(), Vec::new(), Printed::Everything);
        let mut start = Start { label, launch, harness: marker.harness, args, printed, invitation };
        let tasks = job.tasks.iter().map(|task| self.full_name(task, &start)).collect();
        start.args = self.args(tasks);
        Ok(start)
    }

    fn launch(
        &self,
        site: &Site,
        target: &Target,
        label: &str,
    ) -> Result<(Launch, Marker), LaunchError> {
        let name = label.to_owned();
        let file = site.program(target).and_then(|program| program.file.as_ref());
        let file = file.ok_or_else(|| LaunchError::NotBuilt { target: name.clone() })?;
        let Some(marker) = file.marker.clone() else {
            let place = match target.kind {
                Kind::Test => "in it",
                // It has a `main` of its own.
                Kind::Example | Kind::Bin => "in place of its `main`",
            };
            let without = site.command_without_mtrun(target, self.base);
            return Err(LaunchError::NoRunner { target: name, place, without });
        };
        if marker.protocol != PROTOCOL {
            let Marker { version, protocol, .. } = marker;
            return Err(LaunchError::Version { target: name, version, protocol });
        }
        let launch = match &file.start {
            Some(start) => Launch::Direct(start.clone()),
            None => Launch::Cargo(site.command_through_cargo(target)),
        };
        Ok((launch, marker))
    }

    /// The runner's arguments: the words in its form, and its own options as they were written.
    fn args(&self, tasks: Vec<String>) -> Vec<String> {
        let color = if self.color { "always" } else { "never" };
        let mut args = vec![format!("--color={color}")];
        args.extend(tasks.iter().map(|task| format!("--task={task}")));
        args.extend(self.filters.iter().cloned());
        args.extend(self.options.launch.passed.iter().cloned());
        args
    }

    /// The command that runs this target again, as a shell takes it.
    fn command_for(&self, label: &str) -> String {
        let cargo = &self.options.launch.cargo;
        let option = |name: &str, value: &str| [name.to_owned(), value.to_owned()];
        let packages = cargo.packages.iter().map(|package| option("-p", package));
        let manifest = cargo.manifest.iter();
        let manifest = manifest.map(|path| option("--manifest-path", &path.display().to_string()));
        let words = packages.chain(manifest).flatten().chain(cargo.build.iter().cloned());
        let words = words.chain([label.to_owned()]).map(|word| quoted(&word));
        std::iter::once(self.program.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }

    /// The full name of a task that was named together with a file: one in the file's own module
    /// comes before one of the same name elsewhere.
    fn full_name(&self, task: &NamedTask, start: &Start) -> String {
        let full = task.module.as_ref().and_then(|module| {
            let names = listing::names(start, self.interrupts);
            choose_task(names.iter().map(String::as_str), module, &task.name)
        });
        full.unwrap_or_else(|| task.name.clone())
    }
}

impl Start {
    /// The command that starts the runner with these arguments.
    pub(crate) fn command(&self, args: &[String]) -> Command {
        let mut command = match &self.launch {
            Launch::Direct(start) => direct(start),
            Launch::Cargo(command) => copy(command),
        };
        if self.harness {
            // Two threads keep libtest from printing the test's name before the test runs.
            command.args(["concurra", "--exact", "--nocapture", "--test-threads=2"]);
            command.env(ARGS_VARIABLE, Value::from(args).to_string());
        } else {
            command.args(args).env_remove(ARGS_VARIABLE);
        }
        match self.printed {
            Printed::Everything if self.harness => drop(command.stdout(Stdio::piped())),
            Printed::Everything => {}
            Printed::Errors => drop(command.stdin(Stdio::null()).stdout(Stdio::null())),
            Printed::Nothing => {
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            }
        }
        command.env(VARIABLE, self.invitation.to_text());
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

/// A command that can be used again.
fn copy(of: &Command) -> Command {
    let mut command = Command::new(of.get_program());
    command.args(of.get_args());
    if let Some(dir) = of.get_current_dir() {
        command.current_dir(dir);
    }
    for (name, value) in of.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// A target's source as a person would write it here.
pub(crate) fn label(base: &Path, site: &Site, target: &Target) -> String {
    let source = site.scratch.as_ref().unwrap_or(&target.source);
    source.strip_prefix(base).unwrap_or(source).display().to_string()
}
