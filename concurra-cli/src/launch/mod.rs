//! `mtrun`: finds, builds and starts runner binaries, and watches over them.
//!
//! Unaware of tasks: what the words on the command line mean for them, the runner in the binary
//! decides.

mod allowance;
mod build;
mod cache;
mod cargo;
mod death;
mod depfile;
mod error;
mod exit;
mod file;
mod inputs;
mod interrupt;
mod listing;
mod marker;
mod module;
mod offer;
mod relay;
mod report;
mod reports;
mod resolve;
mod scratch;
mod site;
mod stamp;
mod stamp_text;
mod starter;
mod summary;
mod supervisor;
mod survey;
mod target;
mod workspace;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use allowance::Allowance;
use error::LaunchError;
use interrupt::Interrupts;
use report::Printer;
use resolve::{Jobs, Resolved, resolve};
use site::Site;
use starter::Starter;
use supervisor::{Ended, supervise};
use survey::Survey;
use target::{Job, Target};

use crate::options::{self, MtrunOptions, OptionError, Parsed, Surroundings};
use crate::supervise::{ExitClass, Watch};

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
    let (base, options) = (base.as_path(), options.as_ref());
    let (filters, several) = (Vec::new(), false);
    let mut launcher = Launcher {
        starter: Starter { program, base, color, options, filters, several },
        printer: Printer::new(&options.run, color),
        options,
        interrupts: Interrupts::default(),
        began: false,
    };
    exit::code(launcher.run().unwrap_or_else(|error| {
        eprintln!("error: {}", options.run.mask(&error.to_string()));
        error.class()
    }))
}

struct Launcher<'a> {
    starter: Starter<'a>,
    printer: Printer,
    options: &'a MtrunOptions,
    interrupts: Interrupts,
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
            report::interrupted(kind);
        }
        Ok(ExitClass::Stopped(kind))
    }

    fn run_all(&mut self) -> Result<ExitClass, LaunchError> {
        let cache = cache::folder()?;
        let resolved = resolve(&self.options.launch, self.starter.base, &cache)?;
        let Resolved { mut sites, jobs, filters } = resolved;
        self.starter.filters = filters;
        let jobs = build(&mut sites, jobs, &self.interrupts)?;
        self.starter.several = jobs.len() > 1;
        if self.starter.several && survey::is_needed(&self.options.run) {
            let (starter, interrupts) = (&self.starter, &self.interrupts);
            let slips = Survey { starter, interrupts, sites: &sites, jobs: &jobs }.slips();
            if !slips.is_empty() {
                return Ok(exit::of_several(&slips));
            }
        }
        if self.starter.several && self.options.run.show.is_none() {
            reports::empty(&self.options.run.reports)?;
        }
        let started = Instant::now();
        let ended = self.each(&sites, &jobs);
        if self.began && self.starter.several {
            self.printer.summary(&ended, jobs.len(), started.elapsed());
        }
        let classes = ended.iter().map(|ended| ended.class).collect::<Vec<_>>();
        let class = exit::of_several(&classes);
        if class == ExitClass::Nothing && self.interrupts.first().is_none() {
            let why = self.why_nothing(&sites);
            eprintln!("error: nothing was selected: {}", self.options.run.mask(&why));
        }
        Ok(class)
    }

    /// Runs the targets one after the other, until nothing more may start.
    fn each(&mut self, sites: &[Site], jobs: &[(usize, Job)]) -> Vec<Ended> {
        let mut allowance = Allowance::new(self.options.run.max_fail);
        let mut ended = Vec::new();
        for (site, job) in jobs {
            if self.interrupts.first().is_some() || allowance.is_spent() {
                break;
            }
            self.began = true;
            let one = self.one(&sites[*site], job, &allowance);
            allowance.note(&one);
            ended.push(one);
        }
        ended
    }

    /// Runs one target. What is wrong with it does not keep the others from running.
    fn one(&mut self, site: &Site, job: &Job, allowance: &Allowance) -> Ended {
        let label = self.starter.label(site, &job.target);
        let ended = self.starter.start(site, job, &label).and_then(|mut start| {
            start.args.extend(allowance.option().map(OsString::from));
            if self.starter.several {
                start.invitation.heading = self.printer.heading(&label);
            }
            supervise(start, &self.interrupts)
        });
        if let Ok(ended) = &ended {
            self.printer.ended(ended);
        }
        report::ended(&label, ended)
    }

    /// Which words chose nothing, and the ways out.
    fn why_nothing(&self, sites: &[Site]) -> String {
        let chosen = &self.options.run.selection;
        let option = |name: &str, values: &[String]| {
            values.iter().map(|value| format!("--{name} {value}")).collect::<Vec<_>>()
        };
        let mut words = [self.starter.filters.as_slice(), chosen.filters.as_slice()].concat();
        let offers = offer::targets_like(&words, sites);
        words.extend(option("tags", &chosen.tags));
        words.extend(option("exclude-tags", &chosen.exclude_tags));
        words.extend(option("skip", &chosen.skip));
        words.extend(chosen.ignored.then(|| "--ignored".to_owned()));
        let fits =
            if words.is_empty() { String::new() } else { format!(" fits `{}`", words.join(" ")) };
        format!("no task{fits}{offers}; `{} --list` lists them all", self.starter.program)
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
                jobs.extend(with.map(|target| (place, Job::whole(target))));
            }
            let place = kinds.first().map_or("a target", |kind| kind.place());
            if jobs.is_empty() { Err(LaunchError::NoRunnerAtAll { place }) } else { Ok(jobs) }
        }
    }
}
