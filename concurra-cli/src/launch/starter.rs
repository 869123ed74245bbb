//! With what a target's runner is started.

use std::ffi::OsString;
use std::path::Path;

use super::error::LaunchError;
use super::listing;
use super::marker::Marker;
use super::module;
use super::site::Site;
use super::supervisor::{Printed, Start};
use super::target::{Job, Target};
use crate::options::MtrunOptions;
use crate::report::quoted;
use crate::supervise::{Invitation, PROTOCOL};

/// What all runners of one call of `mtrun` are told.
#[derive(Debug)]
pub(super) struct Starter<'a> {
    /// How `mtrun` was called.
    pub(super) program: &'a str,
    pub(super) base: &'a Path,
    pub(super) color: bool,
    pub(super) options: &'a MtrunOptions,
    /// Words that name no target choose tasks.
    pub(super) filters: Vec<String>,
    /// Whether each is one of several.
    pub(super) several: bool,
}

impl Starter<'_> {
    /// The start of a target's runner.
    pub(super) fn start<'s>(
        &self,
        site: &'s Site,
        job: &Job,
        label: &'s str,
    ) -> Result<Start<'s>, LaunchError> {
        let target = label.to_owned();
        let executable = site.executable(&job.target);
        let found =
            executable.and_then(|executable| Some((executable, executable.path.as_deref()?)));
        let Some((executable, path)) = found else { return Err(LaunchError::NotBuilt { target }) };
        let marker = executable.marker.as_deref().and_then(Marker::parse_text);
        let Some(marker) = marker else {
            let without = site.command_without_us(&job.target, self.base);
            return Err(LaunchError::NoRunner { target, kind: job.target.kind, without });
        };
        if marker.protocol != PROTOCOL {
            let Marker { version, protocol, .. } = marker;
            return Err(LaunchError::Version { target, version, protocol });
        }
        let (base, command) = (self.base.to_owned(), self.command_for(label));
        let invitation =
            Invitation { base, command, several: self.several, ..Invitation::default() };
        let (args, printed) = (Vec::new(), Printed::Everything);
        let harness = marker.harness;
        let mut start = Start { label, executable, path, harness, args, printed, invitation };
        start.args = self.args(job.task.as_ref().map(|task| full_name(job, task, &start)));
        Ok(start)
    }

    /// What the runner is told: our words in its form, and its own options as they were written.
    fn args(&self, task: Option<String>) -> Vec<OsString> {
        let color = if self.color { "always" } else { "never" };
        let mut args = vec![format!("--color={color}").into()];
        args.extend(task.iter().map(|task| format!("--task={task}").into()));
        args.extend(self.filters.iter().map(OsString::from));
        args.extend(self.options.launch.passed.iter().cloned());
        args
    }

    /// A target's source as a person would write it here.
    pub(super) fn label(&self, site: &Site, target: &Target) -> String {
        let source = site.scratch.as_ref().unwrap_or(&target.source);
        source.strip_prefix(self.base).unwrap_or(source).display().to_string()
    }

    /// The command that runs this target again, as a shell takes it.
    fn command_for(&self, label: &str) -> String {
        let cargo = &self.options.launch.cargo;
        let packages = cargo.packages.iter().map(|package| ["-p".into(), package.into()]);
        let manifest = cargo.manifest.iter();
        let manifest = manifest.map(|path| ["--manifest-path".into(), path.into()]);
        let words = packages.chain(manifest).flatten().chain(cargo.build.iter().cloned());
        let words = words.chain([label.into()]).map(|word: OsString| quoted(word));
        std::iter::once(self.program.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// The full name of a task that was named together with a file: one in the file's own module comes
/// before one of the same name elsewhere.
fn full_name(job: &Job, task: &str, start: &Start<'_>) -> String {
    let full = job.module.as_ref().and_then(|module| {
        module::choose(listing::names(start).iter().map(String::as_str), module, task)
    });
    full.unwrap_or_else(|| task.to_owned())
}
