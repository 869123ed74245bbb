//! The one table of command-line options, shared by `mtrun` and by the runner in users' binaries.
//!
//! Each family of options is a file, and each option a row there: its `clap::Arg` and the field that it
//! sets. This module only puts the families together. Unaware of tasks and plans: tag
//! expressions and names stay text here.

mod arguments;
mod attempts;
mod color;
mod error;
mod hidden;
mod launcher;
mod libtest;
mod logging;
mod names;
mod output;
mod params;
mod reports;
mod run;
mod selection;
mod show;
mod surroundings;
mod table;

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::{Arg, Command, value_parser};
use concurra_core::{Selection, Settings};

use crate::os_text;
use crate::report::ReportTo;

use table::{Row, all};

pub use arguments::Written;
pub use color::ColorChoice;
pub use error::OptionError;
pub use launcher::{CargoOptions, LaunchOptions};
pub use logging::LogOptions;
pub use output::Format;
pub use show::{GraphKind, Show};
pub use surroundings::Surroundings;

/// The variable that carries options to a target whose command line is libtest's own.
pub const ARGS_VARIABLE: &str = "CONCURRA_ARGS";

/// What a run was asked to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which tasks.
    pub selection: Selection,
    /// How they run.
    pub settings: Settings,
    /// Tasks that are not run, with the text of their results.
    pub mocks: Vec<(String, Option<String>)>,
    /// What `state.param` gives.
    pub params: BTreeMap<String, String>,
    /// The options that a task needs to end again as it did: those that give results and parameters
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
pub(crate) enum Program {
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
    rows: fn() -> Vec<Row>,
}

const FAMILIES: &[Family] = &[
    Family { heading: "Selection", mtrun_only: false, rows: selection::rows },
    Family { heading: "Run", mtrun_only: false, rows: run::rows },
    Family { heading: "Attempts and time", mtrun_only: false, rows: attempts::rows },
    Family { heading: "Results and parameters", mtrun_only: false, rows: params::rows },
    Family { heading: "Show and leave", mtrun_only: false, rows: show::rows },
    Family { heading: "Output", mtrun_only: false, rows: output::rows },
    Family { heading: "Reports", mtrun_only: false, rows: reports::rows },
    Family { heading: "Logging", mtrun_only: false, rows: logging::rows },
    Family { heading: "As libtest", mtrun_only: false, rows: libtest::rows },
    Family { heading: "Cargo", mtrun_only: true, rows: launcher::rows },
];

/// The options of a run, or those of `mtrun` alone.
fn rows(mtrun_only: bool) -> impl Iterator<Item = Row> {
    let families = FAMILIES.iter().filter(move |family| family.mtrun_only == mtrun_only);
    families.flat_map(|family| (family.rows)())
}

/// Reads the arguments of a runner binary, without the program's name.
///
/// # Errors
/// An option that is unknown, has a wrong value, or does not go with another.
pub fn parse_binary(
    args: impl IntoIterator<Item = OsString>,
    around: &Surroundings<'_>,
) -> Result<Parsed<Options>, OptionError> {
    let args = args.into_iter().collect::<Vec<_>>();
    read_binary(&args, around)
        .map_err(|error| OptionError(hidden::mask_arguments(&error, &args, around)))
}

fn read_binary(args: &[OsString], around: &Surroundings<'_>) -> Result<Parsed<Options>, String> {
    let matches = match arguments::matches(Program::Binary, args)? {
        Parsed::Run(matches) => matches,
        Parsed::Text(text) => return Ok(Parsed::Text(text)),
    };
    let mut options = MtrunOptions::default();
    rows(false).try_for_each(|row| (row.read)(&matches, &mut options, around))?;
    let mut options = options.run;
    if options.settings.workers.is_none() {
        options.settings.workers = run::workers_from_variable(around)?;
    }
    options.written = arguments::written(&matches, rows(false).filter(|row| row.is_needed_again));
    options.selection.filters = [words(&matches, WORDS)?, words(&matches, REST)?].concat();
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
    read_mtrun(&args, around)
        .map_err(|error| OptionError(hidden::mask_arguments(&error, &args, around)))
}

fn read_mtrun(
    args: &[OsString],
    around: &Surroundings<'_>,
) -> Result<Parsed<MtrunOptions>, String> {
    let matches = match arguments::matches(Program::Mtrun, args)? {
        Parsed::Run(matches) => matches,
        Parsed::Text(text) => return Ok(Parsed::Text(text)),
    };
    let mut options = MtrunOptions::default();
    rows(true).try_for_each(|row| (row.read)(&matches, &mut options, around))?;
    let mut launch = options.launch;
    if !launch.cargo.workspace && !launch.cargo.exclude.is_empty() {
        return Err("`--exclude` leaves packages out of `--workspace`; write \
                    `--workspace --exclude SPEC`, or name the other packages with `-p`"
            .to_owned());
    }
    launch.words = words(&matches, WORDS)?;
    let passed = arguments::written(&matches, rows(false)).into_iter();
    launch.passed = passed.map(|written| written.argument).chain(all(&matches, REST)).collect();
    let run = match read_binary(&launch.passed, around)? {
        Parsed::Run(run) => *run,
        Parsed::Text(text) => return Ok(Parsed::Text(text)),
    };
    // For libtest it stands for every test; behind `mtrun` it is an unset variable of a shell.
    if launch.words.iter().chain(&run.selection.filters).any(String::is_empty) {
        return Err(
            "an argument is empty, perhaps from an unset shell variable; name a target or \
                    tasks, or leave the argument out"
                .to_owned(),
        );
    }
    Ok(Parsed::Run(Box::new(MtrunOptions { launch, run })))
}

/// Arguments that are neither options nor their values, as texts.
fn words(matches: &clap::ArgMatches, id: &str) -> Result<Vec<String>, String> {
    let words = all::<OsString>(matches, id).into_iter().map(OsString::into_string);
    words
        .collect::<Result<_, _>>()
        .map_err(|word| format!("the argument `{}` is not valid Unicode", word.display()))
}

/// The options that `mtrun` hands to a target with libtest's own `main`; none when it is not set.
///
/// # Errors
/// The variable does not hold what [`args_for_variable`] writes.
pub fn args_from_variable(value: Option<OsString>) -> Result<Vec<OsString>, OptionError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    value.to_str().and_then(os_text::list_from_json).ok_or_else(|| {
        let example = "[\"--tags\",\"a\"]";
        OptionError(format!("`{ARGS_VARIABLE}` must be a JSON array of strings, as in `{example}`"))
    })
}

/// What `mtrun` sets [`ARGS_VARIABLE`] to: a JSON array of strings, with a list of bytes for what is
/// not Unicode.
#[must_use]
pub fn args_for_variable(args: &[OsString]) -> String {
    os_text::list_to_json(args)
}

/// The table as clap sees it.
fn command(program: Program) -> Command {
    let mtrun = program == Program::Mtrun;
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
        let args = (family.rows)().into_iter().map(|row| row.arg.help_heading(family.heading));
        command = command.args(args);
    }
    let word = |id| Arg::new(id).hide(true).num_args(0..).value_parser(value_parser!(OsString));
    command = command.arg(word(WORDS)).arg(word(REST).last(true));
    // Building adds clap's own `--help` and `--version`.
    command.build();
    command
}

/// The ids of arguments that are neither options nor their values: those before and behind `--`.
const WORDS: &str = "words";
const REST: &str = "rest";

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
