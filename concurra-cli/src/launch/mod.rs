//! `mtrun`: finds, builds and starts runner binaries, and watches over them.
//!
//! Unaware of tasks: what the words on the command line mean for them, the runner in the binary
//! decides.

mod build;
mod cache;
mod cargo;
mod death;
mod depfile;
mod error;
mod exit;
mod inputs;
mod interrupt;
mod marker;
mod report;
mod resolve;
mod scratch;
mod site;
mod stamp;
mod stamp_text;
mod summary;
mod supervisor;
mod target;
mod workspace;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use error::LaunchError;
use interrupt::Interrupts;
use marker::Marker;
use report::Printer;
use resolve::{Jobs, Resolved, resolve};
use site::Site;
use supervisor::{Ended, Start, supervise};
use target::{Job, Target};

use crate::options::{self, MtrunOptions, OptionError, Parsed, Surroundings};
use crate::supervise::{ExitClass, Invitation, PROTOCOL};

/// Runs `mtrun`; `program` is how it was called, `args` what stood behind.
#[must_use]
pub fn main(program: &str, args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let base = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let around = Surroundings::of_process(&base);
    let options = match options::parse_mtrun(args, &around) {
        Ok(Parsed::Run(options)) => options,
        Ok(Parsed::Text(text)) => {
            // Whoever reads the help may have seen enough.
            let _ = std::io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(OptionError::MTRUN_EXIT);
        }
    };
    let color = options.run.color.resolve(std::io::stdout().is_terminal(), &around);
    let mut launcher = Launcher {
        program,
        base: &base,
        color,
        printer: Printer::new(&options.run, color),
        options: &options,
        filters: Vec::new(),
    };
    exit::code(launcher.run().unwrap_or_else(|error| report::error(&error)))
}

struct Launcher<'a> {
    program: &'a str,
    base: &'a Path,
    color: bool,
    printer: Printer,
    options: &'a MtrunOptions,
    filters: Vec<String>,
}

impl Launcher<'_> {
    fn run(&mut self) -> Result<ExitClass, LaunchError> {
        let interrupts = Interrupts::listen().map_err(LaunchError::Signals)?;
        let done = self.run_all(&interrupts);
        // Whatever else went wrong, a signal was the cause or comes first.
        match interrupts.first() {
            Some(kind) => Ok(ExitClass::Stopped(kind)),
            None => done,
        }
    }

    fn run_all(&mut self, interrupts: &Interrupts) -> Result<ExitClass, LaunchError> {
        let resolved = resolve(&self.options.launch, self.base, &cache::folder()?)?;
        let Resolved { mut sites, jobs, filters } = resolved;
        self.filters = filters;
        let jobs = build(&mut sites, jobs, interrupts)?;
        let started = Instant::now();
        let several = jobs.len() > 1;
        let mut ended = Vec::new();
        for (site, job) in &jobs {
            if interrupts.first().is_some() {
                break;
            }
            ended.push(self.one(&sites[*site], job, several, interrupts));
        }
        let mut classes = ended.iter().map(|ended| ended.class).collect::<Vec<_>>();
        if several {
            classes.extend(self.printer.nowhere(&ended));
            self.printer.summary(&ended, started.elapsed());
        }
        let class = exit::of_several(&classes);
        if class == ExitClass::Nothing {
            eprintln!("error: no task was selected; `mtrun --list` shows them all");
        }
        Ok(class)
    }

    /// Runs one target. What is wrong with it does not keep the others from running.
    fn one(&mut self, site: &Site, job: &Job, several: bool, interrupts: &Interrupts) -> Ended {
        let label = self.label(site, &job.target);
        if several {
            self.printer.heading(&label);
        }
        match self.start(site, job, &label, several, interrupts) {
            Ok(ended) => {
                if let Some(trouble) = &ended.trouble {
                    eprintln!("error: {label}: {trouble}");
                }
                ended
            }
            Err(error) => Ended { class: report::error(&error), closing: None, trouble: None },
        }
    }

    fn start(
        &self,
        site: &Site,
        job: &Job,
        label: &str,
        several: bool,
        interrupts: &Interrupts,
    ) -> Result<Ended, LaunchError> {
        let target = label.to_owned();
        let executable = site.executable(&job.target);
        let found =
            executable.and_then(|executable| Some((executable, executable.path.as_deref()?)));
        let Some((executable, path)) = found else { return Err(LaunchError::NotBuilt { target }) };
        let marker = executable.marker.as_deref().and_then(Marker::parse_text);
        let Some(marker) = marker else { return Err(LaunchError::NoRunner { target }) };
        if marker.protocol != PROTOCOL {
            let Marker { version, protocol, .. } = marker;
            return Err(LaunchError::Version { target, version, protocol });
        }
        let command = self.command_for(label);
        let base = self.base.to_owned();
        let invitation = Invitation { base, command, several, ..Invitation::default() };
        let args = self.args(job);
        let harness = marker.harness;
        supervise(Start { label, executable, path, harness, args: &args, invitation }, interrupts)
    }

    /// What the runner is told: our words in its form, and its own options as they were written.
    fn args(&self, job: &Job) -> Vec<String> {
        let color = if self.color { "always" } else { "never" };
        let mut args = vec![format!("--color={color}")];
        args.extend(job.task.iter().map(|task| format!("--task={task}")));
        args.extend(self.filters.iter().cloned());
        args.extend(self.options.launch.passed.iter().cloned());
        args
    }

    /// A target's source as a person would write it here.
    fn label(&self, site: &Site, target: &Target) -> String {
        let source = site.scratch.as_ref().unwrap_or(&target.source);
        source.strip_prefix(self.base).unwrap_or(source).display().to_string()
    }

    /// The command that runs this target again.
    fn command_for(&self, label: &str) -> String {
        let cargo = &self.options.launch.cargo;
        let packages = cargo.packages.iter().map(|package| format!("-p {package}"));
        let manifest =
            cargo.manifest.iter().map(|path| format!("--manifest-path {}", path.display()));
        let words = packages.chain(manifest).chain(cargo.build.iter().cloned());
        let words = std::iter::once(self.program.to_owned()).chain(words);
        words.chain([label.to_owned()]).collect::<Vec<_>>().join(" ")
    }
}

/// Builds what is to run. Of all targets, only those with the runner remain.
fn build(
    sites: &mut [Site],
    jobs: Jobs,
    interrupts: &Interrupts,
) -> Result<Vec<(usize, Job)>, LaunchError> {
    match jobs {
        Jobs::Named(jobs) => {
            for (place, site) in sites.iter_mut().enumerate() {
                let own = jobs.iter().filter(|(site, _)| *site == place);
                let own = own.map(|(_, job)| job.target.clone()).collect::<Vec<_>>();
                site.build(&own, interrupts)?;
            }
            Ok(jobs)
        }
        Jobs::All(kinds) => {
            let mut jobs = Vec::new();
            for (place, site) in sites.iter_mut().enumerate() {
                let targets = site.build_all(&kinds, interrupts)?;
                let has_runner = |target: &Target| {
                    site.executable(target).is_some_and(|built| built.marker.is_some())
                };
                let with = targets.into_iter().filter(has_runner);
                jobs.extend(with.map(|target| (place, Job { target, task: None })));
            }
            let place = kinds.first().map_or("a target", |kind| kind.place());
            if jobs.is_empty() { Err(LaunchError::NoRunnerAtAll { place }) } else { Ok(jobs) }
        }
    }
}
