//! `mtrun`: finds, builds and starts runner binaries, and supervises them.
//!
//! It does not know tasks: what the words on the command line mean for them, the runner in the
//! binary decides.

mod build;
mod cache;
mod cargo;
mod error;
mod fingerprint;
mod interrupts;
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
use std::time::Instant;

use build::{HAND_OVER, hand_over};
use cache::Cache;
use error::LaunchError;
use interrupts::Interrupts;
use resolve::{Job, Resolved, kinds, resolve};
use run::{Ended, Run, Starter, label, supervise, survey};
use site::Site;
use suggestion::{did_you_mean, targets_like};
use summary::{Allowance, Printer, exit, reports};
use targets::Target;

use crate::options::{self, MtrunOptions, OptionError, Parsed, Surroundings};
use crate::supervise::{ExitClass, Watch};

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
        options,
        interrupts,
        began: false,
    };
    let class = launcher.run().unwrap_or_else(|error| {
        eprintln!("error: {}", options.run.mask(&error.to_string()));
        error.class()
    });
    exit::code(class)
}

struct Launcher<'a> {
    starter: Starter<'a>,
    printer: Printer,
    options: &'a MtrunOptions,
    interrupts: &'a Interrupts,
    /// Whether a runner was started to run its tasks.
    began: bool,
}

impl Launcher<'_> {
    fn run(&mut self) -> Result<ExitClass, LaunchError> {
        let _signals = self.interrupts.listen().map_err(LaunchError::Signals)?;
        Watch::sweep();
        let done = self.run_all();
        // Whatever else went wrong, a signal was the cause or comes first.
        let Some(kind) = self.interrupts.first() else { return done };
        if !self.began {
            summary::interrupted(kind);
        }
        Ok(ExitClass::Stopped(kind))
    }

    fn run_all(&mut self) -> Result<ExitClass, LaunchError> {
        let cache = Cache::open();
        let launch = &self.options.launch;
        let resolved = resolve(launch, self.starter.base, &cache, self.interrupts)?;
        let Resolved { mut sites, jobs, filters } = resolved;
        self.starter.filters = filters;
        build_all(&mut sites, &jobs, self.interrupts)?;
        let runs = self.runs(&sites, jobs)?;
        self.starter.several = runs.len() > 1;
        if self.starter.several && survey::is_needed(&self.options.run) {
            let mistakes = survey::mistakes(&self.starter, &mut sites, &runs);
            if !mistakes.is_empty() {
                return Ok(exit::of_several(&mistakes));
            }
        }
        if self.starter.several && self.options.run.show.is_none() {
            reports::empty(&self.options.run.reports)?;
        }
        let started = Instant::now();
        let ended = self.each(&mut sites, &runs);
        if self.began && self.starter.several {
            self.printer.summary(&ended, runs.len(), started.elapsed());
        }
        let classes = ended.iter().map(|ended| ended.class).collect::<Vec<_>>();
        let class = exit::of_several(&classes);
        if class == ExitClass::Nothing && self.interrupts.first().is_none() {
            let why = self.why_nothing(&sites);
            eprintln!("error: nothing was selected: {}", self.options.run.mask(&why));
        }
        Ok(class)
    }

    /// The targets to run once all are built: the named ones, and others that have the runner.
    fn runs(&self, sites: &[Site], jobs: Vec<Job>) -> Result<Vec<Run>, LaunchError> {
        let mut runs = Vec::new();
        for job in jobs {
            let (site, target) = (&sites[job.site], &job.wanted.target);
            let label = label(self.starter.base, site, target);
            let program = site.program(target);
            if !job.wanted.is_named && program.is_none_or(|program| program.with_runner().is_none())
            {
                if program.is_some_and(|program| program.file.is_none()) {
                    let features = target.required_features.join(", ");
                    eprintln!("{label} is left out: it requires the features {features}");
                }
                continue;
            }
            runs.push(Run { job, label });
        }
        let labels = runs.iter().map(|run| run.label.clone()).collect::<Vec<_>>();
        for run in &mut runs {
            // Several targets may have one root.
            if labels.iter().filter(|label| **label == run.label).count() > 1 {
                run.label = format!("{} ({})", run.label, run.job.wanted.target.name);
            }
        }
        let place = kinds(&self.options.launch).first().map_or("a target", |kind| kind.place());
        if runs.is_empty() { Err(LaunchError::NoRunnerAtAll { place }) } else { Ok(runs) }
    }

    /// Runs the targets one after the other, until nothing more may start.
    fn each(&mut self, sites: &mut [Site], runs: &[Run]) -> Vec<Ended> {
        let mut allowance = Allowance::new(self.options.run.max_fail);
        let mut ended = Vec::new();
        for run in runs {
            if self.interrupts.first().is_some() || allowance.is_spent() {
                break;
            }
            self.began = true;
            let one = self.one(&mut sites[run.job.site], run, &allowance);
            allowance.note(&one);
            ended.push(one);
        }
        ended
    }

    /// Runs one target. What is wrong with it does not keep the others from running.
    fn one(&mut self, site: &mut Site, run: &Run, allowance: &Allowance) -> Ended {
        let mut ended = self.supervise(site, run, allowance);
        // Another build may have removed the program just before its start.
        if matches!(&ended, Err(LaunchError::Start { source, .. }) if source.kind() == NotFound) {
            ended = self.supervise(site, run, allowance);
        }
        if let Ok(ended) = &ended {
            self.printer.ended(ended);
        }
        Ended::or_error(ended, &run.label)
    }

    fn supervise(
        &mut self,
        site: &mut Site,
        run: &Run,
        allowance: &Allowance,
    ) -> Result<Ended, LaunchError> {
        let mut start = self.starter.start(site, run)?;
        start.args.extend(allowance.option().map(OsString::from));
        if self.starter.several {
            start.invitation.heading = self.printer.heading(&run.label);
        }
        supervise(start, self.interrupts)
    }

    /// Which words chose nothing, and the ways out.
    fn why_nothing(&self, sites: &[Site]) -> String {
        let chosen = &self.options.run.selection;
        let option = |name: &str, values: &[String]| {
            values.iter().map(|value| format!("--{name} {value}")).collect::<Vec<_>>()
        };
        let mut words = [self.starter.filters.as_slice(), chosen.filters.as_slice()].concat();
        let way_out = way_out(&words, sites);
        words.extend(option("tags", &chosen.tags));
        words.extend(option("exclude-tags", &chosen.exclude_tags));
        words.extend(option("skip", &chosen.skip));
        words.extend(chosen.ignored.then(|| "--ignored".to_owned()));
        let fits =
            if words.is_empty() { String::new() } else { format!(" fits `{}`", words.join(" ")) };
        format!("no task{fits}{way_out}; `{} --list` lists them all", self.starter.program)
    }
}

/// What the words may mean instead of tasks.
fn way_out(words: &[String], sites: &[Site]) -> String {
    let is_word = |name: &str| words.iter().any(|word| word == name);
    let targets = || sites.iter().flat_map(|site| &site.workspace().targets);
    if let Some(target) = targets().find(|target| is_word(&target.name)) {
        let Target { name, package, kind, .. } = target;
        let kind = kind.as_str();
        return format!("; `{name}` is a {kind} target of `{package}`: add `-p {package}`");
    }
    let mut members = sites.iter().flat_map(|site| &site.workspace().members);
    if let Some(member) = members.find(|member| is_word(&member.name)) {
        let name = &member.name;
        return format!("; `{name}` is a package: `-p {name}` runs its targets");
    }
    let names = targets().map(|target| target.name.as_str()).collect::<BTreeSet<_>>();
    did_you_mean(&targets_like(words, &names))
}

/// Builds what is to run.
fn build_all(sites: &mut [Site], jobs: &[Job], interrupts: &Interrupts) -> Result<(), LaunchError> {
    for (place, site) in sites.iter_mut().enumerate() {
        let wanted = jobs.iter().filter(|job| job.site == place).map(|job| job.wanted.clone());
        site.build(&wanted.collect::<Vec<_>>(), interrupts)?;
    }
    Ok(())
}
