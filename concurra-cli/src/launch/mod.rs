//! `mtrun`: finds, builds and starts runner binaries, and supervises them.
//!
//! It does not know tasks: the runner in the binary decides which of them a word chooses.

mod build;
mod cache;
mod error;
mod fingerprint;
mod idle_tests;
mod nothing;
mod program;
mod resolve;
mod run;
mod site;
mod stamp;
mod summary;
mod targets;
mod words;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::ErrorKind::NotFound;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use build::{HAND_OVER, Job, hand_over};
use cache::Cache;
use error::LaunchError;
use nothing::{unknown_packages, why_nothing};
use resolve::{Resolved, resolve};
use run::{Ended, Starter, supervise, survey};
use site::Site;
use summary::{Printer, class_of_several, failures_left, unread_params};

use crate::cargo::Cargo;
use crate::console::plural;
use crate::options::{self, NoTests, OptionError, Surroundings};
use crate::report::{ReportTo, Reporters, Stdio, TARGET};
use crate::supervise::{ExitClass, Interrupts, SharedReporters, folder};
use crate::sync::lock;

/// Runs `mtrun`; `program` is its name on the command line, and `args` follow.
#[must_use]
pub fn main(program: &str, args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut args = args.into_iter().peekable();
    if args.next_if(|first| first == HAND_OVER).is_some() {
        return hand_over(args);
    }
    let base = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let around = Surroundings::of_process(&base);
    let options = match options::parse_mtrun(args, &around) {
        Ok(options) => options,
        Err(OptionError::Help(text)) => {
            // A reader of the help may have closed stdout.
            let _ = std::io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(ExitClass::Option.mtrun_code());
        }
    };
    let color = options.run.color.resolve(std::io::stdout().is_terminal(), &around);
    let (base, options, interrupts) = (base.as_path(), &options, &Interrupts::default());
    let (filters, several) = (Vec::new(), false);
    let mut launcher = Launcher {
        starter: Starter { program, base, color, options, filters, several, interrupts },
        printer: Printer::new(&options.run, color),
        reporters: SharedReporters::default(),
        ended: Vec::new(),
    };
    let class = launcher.run().unwrap_or_else(|error| {
        eprintln!("error: {}", options.run.mask(&error.to_string()));
        error.class()
    });
    ExitCode::from(class.mtrun_code())
}

struct Launcher<'a> {
    starter: Starter<'a>,
    printer: Printer,
    reporters: SharedReporters,
    /// The ends of the targets so far.
    ended: Vec<Ended>,
}

impl Launcher<'_> {
    fn run(&mut self) -> Result<ExitClass, LaunchError> {
        let interrupts = self.starter.interrupts;
        let _signals = interrupts.listen().map_err(LaunchError::Signals)?;
        folder::sweep();
        let done = self.run_all();
        // A signal comes before any other cause.
        let Some(reason) = interrupts.first() else { return done };
        if self.ended.is_empty() {
            eprintln!("error: {reason}: nothing was run");
        }
        Ok(ExitClass::Stopped(reason))
    }

    fn run_all(&mut self) -> Result<ExitClass, LaunchError> {
        let Starter { options, base, interrupts, .. } = self.starter;
        let cargo = Cargo::new(base, &options.launch.cargo, interrupts);
        let Resolved { mut sites, jobs, filters } =
            resolve(&options.launch, cargo, &Cache::open())?;
        for text in unknown_packages(&options.launch.cargo.exclude, &sites) {
            eprintln!("warning: {}", options.run.mask(&text));
        }
        if options.run.show.is_none() {
            self.reporters = open_reports(&options.run.reports)?;
        }
        self.starter.filters = filters;
        let done = self.build_and_run(&mut sites, &jobs);
        let mut reporters = lock(&self.reporters);
        if let Err(error) = &done {
            for job in &jobs {
                reporters.begin(&job.label);
                reporters.lose(&options.run.mask(&error.to_string()));
            }
        }
        let failed = reporters.end();
        failed.iter().for_each(|error| eprintln!("error: {error}"));
        Ok(if failed.is_empty() { done? } else { done?.max(ExitClass::Report) })
    }

    fn build_and_run(
        &mut self,
        sites: &mut [Site],
        jobs: &[Job],
    ) -> Result<ExitClass, LaunchError> {
        let options = self.starter.options;
        for (index, site) in sites.iter_mut().enumerate() {
            site.build(&jobs.iter().filter(|job| job.site == index).collect::<Vec<_>>())?;
        }
        let jobs = with_runner(sites, jobs);
        if jobs.is_empty() {
            let none = LaunchError::NoRunnerAtAll;
            return if self.fails_without_tests(&none) { Err(none) } else { Ok(ExitClass::Good) };
        }
        self.starter.several = jobs.len() > 1;
        if self.starter.several {
            let mistakes = survey::mistakes(&self.starter, sites, &jobs);
            if !mistakes.is_empty() {
                return Ok(class_of_several(mistakes));
            }
        }
        let started = Instant::now();
        jobs.iter().for_each(|job| self.run_job(&mut sites[job.site], job));
        // The runner of a single target sums up by itself, unless it died before. After a signal the person
        // wants to know what was done.
        let has_crashed = self.ended.iter().any(Ended::has_crashed);
        let is_left_open = has_crashed && self.starter.interrupts.first().is_some();
        let is_summed_up = (self.starter.several || is_left_open) && options.run.show.is_none();
        if is_summed_up && !self.ended.is_empty() {
            self.printer.summary(&self.ended, jobs.len(), started.elapsed());
        }
        for text in unread_params(&self.ended) {
            eprintln!("warning: {}", options.run.mask(&text));
        }
        let class = class_of_several(self.ended.iter().map(|ended| ended.class));
        if class == ExitClass::Nothing && self.starter.interrupts.first().is_none() {
            let closings = self.ended.iter().filter_map(|ended| ended.closing.as_ref());
            let skipped = closings.map(|closing| closing.skipped).sum();
            let why = options.run.mask(&why_nothing(&self.starter, sites, skipped));
            let why = format!("nothing was selected: {why}");
            if !self.fails_without_tests(&why) {
                return Ok(ExitClass::Good);
            }
            eprintln!("error: {why}");
        }
        Ok(class)
    }

    /// Whether the call fails when nothing is selected; otherwise prints the warning that is asked for.
    fn fails_without_tests(&self, why: &dyn Display) -> bool {
        let no_tests = self.starter.options.run.no_tests.unwrap_or(NoTests::Fail);
        if no_tests == NoTests::Warn {
            eprintln!("warning: {why}");
        }
        no_tests == NoTests::Fail
    }

    /// Runs one target, unless a signal or a failure has stopped the call. An error does not keep
    /// the other targets from running.
    fn run_job(&mut self, site: &mut Site, job: &Job) {
        lock(&self.reporters).begin(&job.label);
        let max_fail = self.starter.options.run.settings.max_fail.unwrap_or_default();
        let left = failures_left(max_fail, &self.ended);
        if self.starter.interrupts.first().is_some() || left == Some(0) {
            return lock(&self.reporters).lose("nothing was run: the call was stopped before");
        }
        let mut ended = self.supervise(site, job, left);
        // Another build may have removed the program just before its start.
        if matches!(&ended, Err(LaunchError::Start(error)) if error.kind() == NotFound) {
            ended = self.supervise(site, job, left);
        }
        let ended = Ended::of(ended, &job.label, |text| self.starter.options.run.mask(text));
        match &ended.trouble {
            Some(trouble) => lock(&self.reporters).lose(trouble),
            None => lock(&self.reporters).lose_unless_over(),
        }
        self.ended.push(ended);
    }

    fn supervise(
        &self,
        site: &mut Site,
        job: &Job,
        failures_left: Option<usize>,
    ) -> Result<Ended, LaunchError> {
        // The last of several such options counts.
        let max_fail = self.starter.options.run.settings.max_fail.unwrap_or_default();
        let option =
            failures_left.map(|left| format!("--max-fail={}", max_fail.with_failures(left)));
        let mut start = self.starter.start(site, job, option, false)?;
        if self.starter.several {
            start.invitation.heading = self.printer.heading(&job.label, &self.ended);
        }
        let is_whole = job.tasks.is_empty() && self.starter.filters.is_empty();
        if is_whole && self.starter.options.run.show.is_none() {
            print_tests_left_out(site, job);
        }
        supervise(start, self.starter.interrupts, &self.reporters)
    }
}

/// Prints how many tests of a target `mtrun` does not run.
fn print_tests_left_out(site: &Site, job: &Job) {
    let Some(program) = site.stamp.program(&job.target) else { return };
    let (label, others, idle) = (&job.label, program.other_tests, program.idle_tests);
    if others > 0 {
        let (s, command) = (plural(others), site.command_without_mtrun(&job.target));
        eprintln!(
            "{label} also has {others} test{s} without #[task], which mtrun does not run: {command}"
        );
    }
    if idle > 0 {
        eprintln!(
            "warning: {label} has {idle} function{} with #[test], which nothing runs, as the target has \
             `harness = false`; write #[task] instead, or use another target",
            plural(idle)
        );
    }
}

/// The jobs to run once cargo has built all: the named targets, and others that have the runner.
fn with_runner(sites: &[Site], jobs: &[Job]) -> Vec<Job> {
    let may_run = |job: &&Job| {
        let program = sites[job.site].stamp.program(&job.target);
        if program.is_some_and(|program| program.file.is_none()) && !job.is_named {
            let features = &job.target.required_features;
            let (s, features) = (plural(features.len()), features.join(", "));
            eprintln!("{} is left out: it requires the feature{s} {features}", job.label);
        }
        job.is_named || program.is_some_and(|program| program.marker.is_some())
    };
    jobs.iter().filter(may_run).cloned().collect()
}

/// Opens the files of reports before cargo builds anything.
fn open_reports(wanted: &[ReportTo]) -> Result<SharedReporters, LaunchError> {
    let paths = wanted.iter().filter_map(|report| report.file.clone());
    if let Some(path) = paths.into_iter().find(|path| path.to_string_lossy().contains(TARGET)) {
        return Err(LaunchError::ReportPerTarget { path });
    }
    let reporters = Reporters::open(wanted.iter().cloned(), Stdio::Stdout, true);
    Ok(Arc::new(Mutex::new(reporters.map_err(LaunchError::Report)?)))
}
