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
mod listing;
mod marker;
mod module;
mod offer;
mod relay;
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
use crate::supervise::{ExitClass, Invitation, PROTOCOL, Watch};

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
        Watch::sweep();
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
            eprintln!("error: nothing was selected: {}", self.why_nothing(&sites));
        }
        Ok(class)
    }

    /// Which words chose nothing, and the ways out.
    fn why_nothing(&self, sites: &[Site]) -> String {
        let chosen = &self.options.run.selection;
        let option = |name: &str, values: &[String]| {
            values.iter().map(|value| format!("--{name} {value}")).collect::<Vec<_>>()
        };
        let mut words = [self.filters.as_slice(), chosen.filters.as_slice()].concat();
        let offers = offer::targets_like(&words, sites);
        words.extend(option("tags", &chosen.tags));
        words.extend(option("exclude-tags", &chosen.exclude_tags));
        words.extend(option("skip", &chosen.skip));
        words.extend(chosen.ignored.then(|| "--ignored".to_owned()));
        let fits =
            if words.is_empty() { String::new() } else { format!(" fits `{}`", words.join(" ")) };
        format!("no task{fits}{offers}; `{} --list` lists them all", self.program)
    }

    /// Runs one target. What is wrong with it does not keep the others from running.
    fn one(&mut self, site: &Site, job: &Job, several: bool, interrupts: &Interrupts) -> Ended {
        let label = self.label(site, &job.target);
        match self.start(site, job, &label, several, interrupts) {
            Ok(ended) => {
                if let Some(trouble) = &ended.trouble {
                    eprintln!("error: {label}: {trouble}");
                }
                self.printer.ended(&ended);
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
        let Some(marker) = marker else {
            let without = site.command_without_us(&job.target, self.base);
            return Err(LaunchError::NoRunner { target, kind: job.target.kind, without });
        };
        if marker.protocol != PROTOCOL {
            let Marker { version, protocol, .. } = marker;
            return Err(LaunchError::Version { target, version, protocol });
        }
        let command = self.command_for(label);
        let base = self.base.to_owned();
        let heading = if several { self.printer.heading(label) } else { String::new() };
        let invitation = Invitation { base, command, several, heading, ..Invitation::default() };
        let harness = marker.harness;
        let mut start = Start { label, executable, path, harness, args: Vec::new(), invitation };
        start.args = self.args(job.task.as_ref().map(|task| full_name(job, task, &start)));
        supervise(start, interrupts)
    }

    /// What the runner is told: our words in its form, and its own options as they were written.
    fn args(&self, task: Option<String>) -> Vec<String> {
        let color = if self.color { "always" } else { "never" };
        let mut args = vec![format!("--color={color}")];
        args.extend(task.iter().map(|task| format!("--task={task}")));
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

/// The name of a task that was named together with a file: one in the file's own module comes before
/// one of the same name elsewhere.
fn full_name(job: &Job, task: &str, start: &Start<'_>) -> String {
    let full = job.module.as_ref().and_then(|module| {
        module::choose(listing::names(start).iter().map(String::as_str), module, task)
    });
    full.unwrap_or_else(|| task.to_owned())
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
                jobs.extend(with.map(|target| (place, Job::whole(target))));
            }
            let place = kinds.first().map_or("a target", |kind| kind.place());
            if jobs.is_empty() { Err(LaunchError::NoRunnerAtAll { place }) } else { Ok(jobs) }
        }
    }
}
