//! The one table of command-line options, shared by `mtrun` and by the runner in users' binaries.
//!
//! Each family of options is a file: a table of [`clap::Arg`]s and a reader that makes a plain
//! struct of them. This module only puts the families together. Unaware of tasks and plans: tag
//! expressions and names stay text here.

mod attempts;
mod color;
mod duration;
mod error;
mod hidden;
mod launcher;
mod libtest;
mod logging;
mod names;
mod output;
mod params;
mod prepass;
mod reports;
mod run;
mod selection;
mod show;
mod surroundings;
mod table;
mod words;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::num::NonZeroUsize;

use clap::{Arg, Command};

use crate::os_text;
use crate::report::ReportTo;

pub use attempts::AttemptOptions;
pub use color::ColorChoice;
pub(crate) use duration::parse as parse_duration;
pub use error::OptionError;
pub use launcher::{CargoOptions, LaunchOptions};
pub use logging::LogOptions;
pub use output::Format;
pub use params::Written;
pub use selection::SelectionOptions;
pub use show::{GraphKind, Show};
pub use surroundings::Surroundings;

/// The variable that carries options to a target whose command line is libtest's own.
pub const ARGS_VARIABLE: &str = "CONCURRA_ARGS";

/// What a run was asked to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which tasks.
    pub selection: SelectionOptions,
    /// How many tasks run at a time; the number of cores when absent.
    pub workers: Option<NonZeroUsize>,
    /// After how many failures nothing more starts.
    pub max_fail: Option<NonZeroUsize>,
    /// How often and how long tasks are tried, and where.
    pub attempts: AttemptOptions,
    /// Tasks that are not run, with the text of their results.
    pub mocks: Vec<(String, Option<String>)>,
    /// What `state.param` gives.
    pub params: BTreeMap<String, String>,
    /// The options that a task needs to end again as it did: those that gave results and parameters
    /// among them.
    pub written: Vec<Written>,
    /// Show something and leave, instead of running.
    pub show: Option<Show>,
    /// Tasks' log records.
    pub log: LogOptions,
    /// Whether lines are coloured.
    pub color: ColorChoice,
    /// A character per task instead of a line.
    pub quiet: bool,
    /// The shape of the lines.
    pub format: Format,
    /// Where reports for programs go.
    pub reports: Vec<ReportTo>,
    /// Tasks' output is passed through.
    pub nocapture: bool,
    /// Tasks' captured output is shown also when they passed.
    pub show_output: bool,
    /// Only benchmarks are asked for, so every task counts as ignored (as in libtest).
    pub bench: bool,
}

impl Options {
    /// A message as it may be shown before it is known which parameters and results are secret: what
    /// stands in it between backquotes has none of their values.
    #[must_use]
    pub fn mask(&self, message: &str) -> String {
        hidden::mask(message, self)
    }
}

/// What `mtrun` was asked to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MtrunOptions {
    /// Which targets, and how they are built.
    pub launch: LaunchOptions,
    /// The part that the runner in the binary will read too.
    pub run: Options,
}

/// What a command line comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed<T> {
    /// Go on with these.
    Run(Box<T>),
    /// Print this to stdout and leave with 0: help or the version.
    Text(String),
}

/// Whose command line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// The runner in a user's binary.
    Binary,
    /// `mtrun` and `cargo mtrun`.
    Mtrun,
}

/// A family of options: what belongs together in the help.
struct Family {
    heading: &'static str,
    /// Families of `mtrun` alone are known in a binary only to be refused with the right words.
    mtrun_only: bool,
    args: fn() -> Vec<Arg>,
}

const FAMILIES: &[Family] = &[
    Family { heading: "Selection", mtrun_only: false, args: selection::args },
    Family { heading: "Run", mtrun_only: false, args: run::args },
    Family { heading: "Attempts and time", mtrun_only: false, args: attempts::args },
    Family { heading: "Results and parameters", mtrun_only: false, args: params::args },
    Family { heading: "Show and leave", mtrun_only: false, args: show::args },
    Family { heading: "Output", mtrun_only: false, args: output::args },
    Family { heading: "Reports", mtrun_only: false, args: reports::args },
    Family { heading: "Logging", mtrun_only: false, args: logging::args },
    Family { heading: "As libtest", mtrun_only: false, args: libtest::args },
    Family { heading: "Cargo", mtrun_only: true, args: launcher::args },
];

/// Reads the arguments of a runner binary, without the program's name.
///
/// # Errors
/// An option that is unknown, has a wrong value, or does not go with another.
pub fn parse_binary(
    args: impl IntoIterator<Item = OsString>,
    around: &Surroundings<'_>,
) -> Result<Parsed<Options>, OptionError> {
    let args = args.into_iter().collect::<Vec<_>>();
    read_binary(&args, around).map_err(|error| hidden::without(error, &args, around))
}

fn read_binary(
    args: &[OsString],
    around: &Surroundings<'_>,
) -> Result<Parsed<Options>, OptionError> {
    let sorted = prepass::sort(Audience::Binary, &command(Audience::Binary), args)?;
    let matches = match read(Audience::Binary, &sorted)? {
        Parsed::Run(matches) => matches,
        Parsed::Text(text) => return Ok(Parsed::Text(text)),
    };
    let mut options = run_options(&matches, &sorted.given, around)?;
    options.written = sorted.written;
    options.selection.filters = [sorted.words, words::all_unicode(sorted.rest)?].concat();
    Ok(Parsed::Run(Box::new(options)))
}

/// Reads the arguments of `mtrun`, without the program's name.
///
/// The arguments after `--` are read as the binary will read them, so that a mistake in them is
/// found before anything is built.
///
/// # Errors
/// An option that is unknown, has a wrong value, or does not go with another.
pub fn parse_mtrun(
    args: impl IntoIterator<Item = OsString>,
    around: &Surroundings<'_>,
) -> Result<Parsed<MtrunOptions>, OptionError> {
    let args = args.into_iter().collect::<Vec<_>>();
    read_mtrun(&args, around).map_err(|error| hidden::without(error, &args, around))
}

fn read_mtrun(
    args: &[OsString],
    around: &Surroundings<'_>,
) -> Result<Parsed<MtrunOptions>, OptionError> {
    let sorted = prepass::sort(Audience::Mtrun, &command(Audience::Mtrun), args)?;
    let matches = match read(Audience::Mtrun, &sorted)? {
        Parsed::Run(matches) => matches,
        Parsed::Text(text) => return Ok(Parsed::Text(text)),
    };
    let mut launch = launcher::read(&matches, around)?;
    launch.words = sorted.words;
    launch.passed = [sorted.passed, sorted.rest].concat();
    let run = match read_binary(&launch.passed, around)? {
        Parsed::Run(run) => *run,
        Parsed::Text(text) => return Ok(Parsed::Text(text)),
    };
    // For libtest it stands for every test; behind `mtrun` it is an unset variable of a shell.
    if launch.words.iter().chain(&run.selection.filters).any(String::is_empty) {
        return Err(OptionError::EmptyWord);
    }
    Ok(Parsed::Run(Box::new(MtrunOptions { launch, run })))
}

/// The options that `mtrun` hands to a target with libtest's own `main`; none when it is not set.
///
/// # Errors
/// The variable does not hold what [`args_for_variable`] writes.
pub fn args_from_variable(value: Option<OsString>) -> Result<Vec<OsString>, OptionError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let text = value.into_string().map_err(|_| OptionError::ArgsVariable)?;
    os_text::list_from_json(&text).ok_or(OptionError::ArgsVariable)
}

/// What `mtrun` sets [`ARGS_VARIABLE`] to: a JSON array of strings, with a list of bytes for what is
/// not Unicode.
#[must_use]
pub fn args_for_variable(args: &[impl AsRef<OsStr>]) -> String {
    os_text::list_to_json(args)
}

fn read(
    audience: Audience,
    sorted: &prepass::Sorted,
) -> Result<Parsed<clap::ArgMatches>, OptionError> {
    let mut command = command(audience);
    match command.try_get_matches_from_mut(&sorted.known) {
        Ok(matches) => Ok(Parsed::Run(Box::new(matches))),
        Err(error) => error::from_clap(&error).map(Parsed::Text),
    }
}

fn run_options(
    matches: &clap::ArgMatches,
    given: &[params::Given],
    around: &Surroundings<'_>,
) -> Result<Options, OptionError> {
    let (format, quiet) = output::read_format(matches)?;
    Ok(Options {
        selection: selection::read(matches),
        workers: run::workers(matches, around)?,
        max_fail: run::max_fail(matches),
        attempts: attempts::read(matches),
        mocks: params::mocks(given, around)?,
        params: params::params(matches, given, around)?,
        written: Vec::new(),
        show: show::read(matches, format),
        log: logging::read(matches, around),
        color: output::color(matches),
        quiet,
        format,
        reports: reports::read(matches, around)?,
        nocapture: matches.get_flag("nocapture"),
        show_output: matches.get_flag("show-output"),
        bench: libtest::only_benches(matches),
    })
}

/// The table as clap sees it.
fn command(audience: Audience) -> Command {
    let mtrun = audience == Audience::Mtrun;
    let mut command = Command::new(if mtrun { "mtrun" } else { "concurra" })
        .version(env!("CARGO_PKG_VERSION"))
        .no_binary_name(true)
        .args_override_self(true)
        .disable_help_subcommand(true)
        .override_usage(if mtrun { MTRUN_USAGE } else { BINARY_USAGE })
        .after_help(AFTER_HELP);
    if mtrun {
        command = command.before_help(MTRUN_TARGETS);
    }
    for family in FAMILIES.iter().filter(|family| mtrun || !family.mtrun_only) {
        let args = (family.args)().into_iter().map(|arg| arg.help_heading(family.heading));
        command = command.args(args);
    }
    // Building adds clap's own `--help` and `--version`, which the pre-pass must know.
    command.build();
    command
}

const MTRUN_USAGE: &str = "mtrun [OPTIONS] [TARGET]... [-- ARGS FOR THE BINARY]";
const BINARY_USAGE: &str = "<binary> [OPTIONS] [FILTER]...";
const MTRUN_TARGETS: &str = "\
Build and run tasks that depend on each other.

TARGET is path/to/file.rs, path/to/file.rs::task, or a target's name; without one, every test target
that has the runner, in the packages that cargo would take. Any other word chooses tasks whose names
contain it.";
const AFTER_HELP: &str = "\
--KEY=VALUE is a parameter: a task reads it with state.param(\"KEY\").";

#[cfg(test)]
mod tests;
