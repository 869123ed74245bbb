//! `mtrun`: finds, builds and starts runner binaries, and supervises them.
//!
//! It does not know tasks: what the words on the command line mean for them, the runner in the
//! binary decides.

mod build;
mod cache;
mod error;
mod fingerprint;
mod job;
mod program;
mod resolve;
mod run;
mod site;
mod stamp;
mod suggestion;
mod summary;
mod targets;
mod words;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::ErrorKind::NotFound;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use concurra_core::Ignored;
use concurra_core::nearest::did_you_mean;

use build::{HAND_OVER, hand_over};
use cache::Cache;
use error::LaunchError;
use job::Job;
use resolve::{Resolved, kinds, resolve};
use run::{Ended, Starter, supervise, survey};
use site::Site;
use suggestion::targets_like;
use summary::{Allowance, Printer, class_of_several};
use targets::Target;

use crate::options::{self, OptionError, Parsed, Surroundings};
use crate::report::{Existing, Output, ReportTo, Reporters, TARGET};
use crate::supervise::signals::Kind;
use crate::supervise::{ExitClass, Interrupts, SharedReporters, Watch};

/// Runs `mtrun`; `program` is how it was called, `args` what followed.
#[must_use]
pub fn main(program: &str, args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut args = args.into_iter().peekable();
    if args.next_if(|first| first == HAND_OVER).is_some() {
        return hand_over(args);
    }
    let base = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let around = Surroundings::of_process(&base);
    let options = match options::parse_mtrun(args, &around) {
        Ok(Parsed::Run(options)) => options,
        Ok(Parsed::Text(text)) => {
            // A reader that has seen enough of the help may leave.
            let _ = std::io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(OptionError::MTRUN_EXIT);
        }
    };
    let color = options.run.color.resolve(std::io::stdout().is_terminal(), &around);
    let (base, options, interrupts) = (base.as_path(), options.as_ref(), &Interrupts::default());
    let (filters, several) = (Vec::new(), false);
    let mut launcher = Launcher {
        starter: Starter { program, base, color, options, filters, several, interrupts },
        printer: Printer::new(&options.run, color),
        reporters: SharedReporters::default(),
        began: false,
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
    /// Whether a runner was started to run its tasks.
    began: bool,
}

impl Launcher<'_> {
    fn run(&mut self) -> Result<ExitClass, LaunchError> {
        let interrupts = self.starter.interrupts;
        let _signals = interrupts.listen().map_err(LaunchError::Signals)?;
        Watch::sweep();
        let done = self.run_all();
        // Whatever else went wrong, a signal was the cause or comes first.
        let Some(kind) = interrupts.first() else { return done };
        if !self.began {
            let word = if kind == Kind::Interrupt { "interrupted" } else { "terminated" };
            eprintln!("error: {word}: nothing was run");
        }
        Ok(ExitClass::Stopped(kind))
    }

    fn run_all(&mut self) -> Result<ExitClass, LaunchError> {
        let Starter { options, base, interrupts, .. } = self.starter;
        let Resolved { mut sites, jobs, filters } =
            resolve(&options.launch, base, &Cache::open(), interrupts)?;
        if options.run.show.is_none() {
            self.reporters = open_reports(&options.run.reports)?;
        }
        self.starter.filters = filters;
        let labels = jobs.iter().map(|job| job.label.clone()).collect::<Vec<_>>();
        let done = self.build_and_run(&mut sites, jobs);
        let mut reporters = lock(&self.reporters);
        if let Err(error) = &done {
            for label in &labels {
                reporters.begin(label);
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
        jobs: Vec<Job>,
    ) -> Result<ExitClass, LaunchError> {
        let Starter { options, interrupts, .. } = self.starter;
        for (index, site) in sites.iter_mut().enumerate() {
            let own = jobs.iter().filter(|job| job.site == index).collect::<Vec<_>>();
            site.build(&own, interrupts)?;
        }
        let jobs = with_runner(sites, jobs);
        if jobs.is_empty() {
            let place = kinds(&options.launch)[0].place();
            return Err(LaunchError::NoRunnerAtAll { place });
        }
        self.starter.several = jobs.len() > 1;
        if self.starter.several && survey::is_needed(&options.run) {
            let mistakes = survey::mistakes(&self.starter, sites, &jobs);
            if !mistakes.is_empty() {
                return Ok(class_of_several(mistakes));
            }
        }
        let started = Instant::now();
        let ended = self.each(sites, &jobs);
        if self.began && self.starter.several {
            self.printer.summary(&ended, jobs.len(), started.elapsed());
        }
        let class = class_of_several(ended.iter().map(|ended| ended.class));
        if class == ExitClass::Nothing && interrupts.first().is_none() {
            let why = self.why_nothing(sites);
            eprintln!("error: nothing was selected: {}", options.run.mask(&why));
        }
        Ok(class)
    }

    /// Runs the targets one after the other, until nothing more may start.
    fn each(&mut self, sites: &mut [Site], jobs: &[Job]) -> Vec<Ended> {
        let mut allowance = Allowance::new(self.starter.options.run.settings.max_fail);
        let mut ended = Vec::new();
        for job in jobs {
            lock(&self.reporters).begin(&job.label);
            if self.starter.interrupts.first().is_some() || allowance.is_spent() {
                lock(&self.reporters).lose("nothing was run: the call was stopped before");
                continue;
            }
            self.began = true;
            let one = self.one(&mut sites[job.site], job, &allowance);
            allowance.note(&one);
            ended.push(one);
        }
        ended
    }

    /// Runs one target. What is wrong with it does not keep the others from running.
    fn one(&mut self, site: &mut Site, job: &Job, allowance: &Allowance) -> Ended {
        let mut ended = self.supervise(site, job, allowance);
        // Another build may have removed the program just before its start.
        if matches!(&ended, Err(LaunchError::Start { source, .. }) if source.kind() == NotFound) {
            ended = self.supervise(site, job, allowance);
        }
        if let Ok(ended) = &ended {
            self.printer.ended(ended);
        }
        let mut reporters = lock(&self.reporters);
        match &ended {
            Err(error) => reporters.lose(&self.starter.options.run.mask(&error.to_string())),
            Ok(Ended { trouble: Some(trouble), .. }) => reporters.lose(trouble),
            Ok(_) => reporters.lose_unless_over(),
        }
        drop(reporters);
        Ended::or_error(ended, &job.label)
    }

    fn supervise(
        &mut self,
        site: &mut Site,
        job: &Job,
        allowance: &Allowance,
    ) -> Result<Ended, LaunchError> {
        let mut start = self.starter.start(site, job)?;
        start.args.extend(allowance.option().map(OsString::from));
        if self.starter.several {
            start.invitation.heading = self.printer.heading(&job.label);
        }
        let is_whole = job.tasks.is_empty() && self.starter.filters.is_empty();
        let others = start.file.other_tests;
        if others > 0 && is_whole && self.starter.options.run.show.is_none() {
            let (label, s) = (&job.label, if others > 1 { "s" } else { "" });
            let command = start.site.command_without_mtrun(&job.target);
            eprintln!(
                "{label} also has {others} test{s} without #[task], which mtrun does not run: {command}"
            );
        }
        supervise(start, self.starter.interrupts, &self.reporters)
    }

    /// Which words selected nothing, and what to write instead.
    fn why_nothing(&self, sites: &[Site]) -> String {
        let chosen = &self.starter.options.run.selection;
        let option = |name: &str, values: &[String]| {
            values.iter().map(|value| format!("--{name} {value}")).collect::<Vec<_>>()
        };
        let mut words = [self.starter.filters.as_slice(), chosen.filters.as_slice()].concat();
        let suggestion = suggestion(&words, sites);
        words.extend(option("tags", &chosen.tags));
        words.extend(option("exclude-tags", &chosen.exclude_tags));
        words.extend(option("skip", &chosen.skip));
        words.extend((chosen.ignored == Ignored::Only).then(|| "--ignored".to_owned()));
        let matches = if words.is_empty() {
            String::new()
        } else {
            format!(" matches `{}`", words.join(" "))
        };
        format!("no task{matches}; `{} --list` prints all tasks{suggestion}", self.starter.program)
    }
}

/// What the words may mean instead of tasks.
fn suggestion(words: &[String], sites: &[Site]) -> String {
    let is_word = |name: &str| words.iter().any(|word| word == name);
    let targets = || sites.iter().flat_map(|site| &site.stamp.workspace.targets);
    if let Some(target) = targets().find(|target| is_word(&target.name)) {
        let Target { name, package, kind, .. } = target;
        let kind = kind.as_str();
        return format!("; `{name}` is a {kind} target of `{package}`: add `-p {package}`");
    }
    let parts = || words.iter().filter_map(|word| word.split_once("::"));
    let target_of = |name: &str| targets().find(|target| target.name == name);
    if let Some((target, task)) = parts().find_map(|(name, task)| Some((target_of(name)?, task))) {
        let source = target.source.file_name().unwrap_or_default().display();
        return format!("; `{}` is a target: write the path of {source}::{task}", target.name);
    }
    let mut members = sites.iter().flat_map(|site| &site.stamp.workspace.members);
    if let Some(member) = members.find(|member| is_word(&member.name)) {
        let name = &member.name;
        return format!("; `{name}` is a package: `-p {name}` runs its targets");
    }
    let names = targets().map(|target| target.name.as_str()).collect::<BTreeSet<_>>();
    did_you_mean(&targets_like(words, &names))
}

/// The targets to run once all are built: the named ones, and others that have the runner.
fn with_runner(sites: &[Site], jobs: Vec<Job>) -> Vec<Job> {
    let may_run = |job: &Job| {
        let program = sites[job.site].stamp.program(&job.target);
        if program.is_some_and(|program| program.file.is_none()) && !job.is_named {
            let features = job.target.required_features.join(", ");
            eprintln!("{} is left out: it requires the features {features}", job.label);
        }
        job.is_named || program.is_some_and(|program| program.with_runner().is_some())
    };
    let mut jobs = jobs.into_iter().filter(may_run).collect::<Vec<_>>();
    let labels = jobs.iter().map(|job| job.label.clone()).collect::<Vec<_>>();
    for job in &mut jobs {
        // Several targets may have one root.
        if labels.iter().filter(|label| **label == job.label).count() > 1 {
            job.label = format!("{} ({})", job.label, job.target.name);
        }
    }
    jobs
}

/// Opens the files of reports before anything is built.
fn open_reports(wanted: &[ReportTo]) -> Result<SharedReporters, LaunchError> {
    let paths = wanted.iter().filter_map(|report| report.file.clone());
    if let Some(path) = paths.into_iter().find(|path| path.to_string_lossy().contains(TARGET)) {
        return Err(LaunchError::ReportPerTarget { path });
    }
    let stdout = Output::new(false);
    let reporters = Reporters::open(wanted.iter().cloned(), &stdout, Existing::Replace);
    Ok(Arc::new(Mutex::new(reporters.map_err(LaunchError::Report)?)))
}

fn lock(reporters: &SharedReporters) -> MutexGuard<'_, Reporters> {
    reporters.lock().unwrap_or_else(PoisonError::into_inner)
}
