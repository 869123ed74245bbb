//! The one table of command-line options, shared by `mtrun` and by the runner in users' binaries.
//!
//! Each family of options is a file, and each option a row there: its `clap::Arg` and the field that it
//! sets. This module puts the families together. It does not know tasks and plans: names and tag
//! expressions stay text here.

mod arguments;
mod attempts;
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
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use clap::{Arg, Command, value_parser};
use concurra_core::{Selection, Settings};

use crate::os_text;
use crate::report::ReportTo;

use table::{Row, all};

pub use arguments::Written;
pub use error::OptionError;
pub use launcher::{CargoOptions, LaunchOptions};
pub use logging::LogOptions;
pub use output::{ColorChoice, Format};
pub use selection::NoTests;
pub use show::{GraphKind, Show};
pub use surroundings::Surroundings;
pub(crate) use unread::unread_param;

/// The variable that carries options to a target whose command line is libtest's own.
pub const ARGS_VARIABLE: &str = "CONCURRA_ARGS";

/// The options of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The tasks to run.
    pub selection: Selection,
    /// What it means that no task is selected. By default a call of `mtrun` fails, and a binary by
    /// itself is good, as in libtest.
    pub no_tests: Option<NoTests>,
    /// The settings of the run.
    pub settings: Settings,
    /// Tasks that do not run, with the text of their results.
    pub mocks: Vec<(String, Option<String>)>,
    /// Parameters, which tasks read by `state.param`.
    pub params: BTreeMap<String, String>,
    /// The parameters that the command line itself sets, and not a file. A run warns of those that nothing
    /// read; a file may hold parameters of other targets.
    pub set: BTreeSet<String>,
    /// The options that the command to rerun a task repeats: mocks, parameters, and all that change how
    /// a task ends.
    pub written: Vec<Written>,
    /// What the program shows instead of running tasks.
    pub show: Option<Show>,
    /// Log records of tasks.
    pub log: LogOptions,
    /// Whether lines are coloured.
    pub color: ColorChoice,
    /// The shape of the lines.
    pub format: Format,
    /// Where reports for programs go.
    pub reports: Vec<ReportTo>,
    /// Shows the captured output also of tasks that passed.
    pub show_output: bool,
    /// The command line asks for benchmarks only, so every task counts as ignored, as in libtest.
    pub bench: bool,
}

/// The options of `mtrun`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MtrunOptions {
    /// The targets, and how cargo builds them.
    pub launch: LaunchOptions,
    /// The options that the runner in the binary reads too.
    pub run: Options,
}

/// The program that reads a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// The runner in a user's binary.
    Binary,
    /// `mtrun` and `cargo mtrun`.
    Mtrun,
}

/// A heading in the help, and the options below it.
type Family = (&'static str, fn() -> Vec<Row>);

const CARGO: Family = ("Cargo", launcher::rows);

/// The options of a run.
const FAMILIES: &[Family] = &[
    ("Selection", selection::rows),
    ("Run", run::rows),
    ("Attempts and time", attempts::rows),
    ("Mocks and parameters", params::rows),
    ("Show without running", show::rows),
    ("Output", output::rows),
    ("Reports", reports::rows),
    ("Logging", logging::rows),
    ("As libtest", libtest::rows),
];

fn rows() -> impl Iterator<Item = Row> {
    FAMILIES.iter().flat_map(|(_, rows)| rows())
}

/// Reads the arguments of a runner binary, without the program's name.
///
/// # Errors
/// An option that is unknown, has a wrong value, or does not go with another.
pub fn parse_binary(
    args: impl IntoIterator<Item = OsString>,
    around: &Surroundings<'_>,
) -> Result<Options, OptionError> {
    read(args, around, read_binary)
}

/// Reads arguments; an error shows no value of theirs that may be secret.
fn read<T>(
    args: impl IntoIterator<Item = OsString>,
    around: &Surroundings<'_>,
    read: impl Fn(&[OsString], &Surroundings<'_>) -> Result<T, OptionError>,
) -> Result<T, OptionError> {
    let args = args.into_iter().collect::<Vec<_>>();
    read(&args, around).map_err(|error| match error {
        OptionError::Help(text) => OptionError::Help(text),
        OptionError::Wrong(text) => {
            hidden::mask_values(&text, &hidden::values(&args, around)).into()
        }
    })
}

fn read_binary(args: &[OsString], around: &Surroundings<'_>) -> Result<Options, OptionError> {
    let matches = arguments::matches(Program::Binary, args)?;
    let mut options = MtrunOptions::default();
    rows().try_for_each(|row| (row.read)(&matches, &mut options, around))?;
    let mut options = options.run;
    if options.settings.workers.is_none() {
        options.settings.workers = run::workers_from_variable(around)?;
    }
    options.written = arguments::written(&matches, rows().filter(|row| row.is_needed_again));
    options.selection.filters = [words(&matches, WORDS)?, words(&matches, REST)?].concat();
    Ok(options)
}

/// Reads the arguments of `mtrun`, without the program's name.
///
/// It reads the arguments after `--` as the binary will, so it finds a mistake before cargo builds.
///
/// # Errors
/// An option that is unknown, has a wrong value, or does not go with another.
pub fn parse_mtrun(
    args: impl IntoIterator<Item = OsString>,
    around: &Surroundings<'_>,
) -> Result<MtrunOptions, OptionError> {
    read(args, around, read_mtrun)
}

fn read_mtrun(args: &[OsString], around: &Surroundings<'_>) -> Result<MtrunOptions, OptionError> {
    let matches = arguments::matches(Program::Mtrun, args)?;
    let mut options = MtrunOptions::default();
    for row in launcher::rows() {
        (row.read)(&matches, &mut options, around)?;
    }
    let mut launch = options.launch;
    if !launch.cargo.workspace && !launch.cargo.exclude.is_empty() {
        return Err(EXCLUDE_ALONE.to_owned().into());
    }
    launch.words = words(&matches, WORDS)?;
    let passed = arguments::written(&matches, rows()).into_iter();
    launch.passed = passed.map(|written| written.argument).chain(all(&matches, REST)).collect();
    let run = read_binary(&launch.passed, around)?;
    // To libtest an empty word means every test; to `mtrun` it is an unset variable of a shell.
    if launch.words.iter().chain(&run.selection.filters).any(String::is_empty) {
        return Err(EMPTY_WORD.to_owned().into());
    }
    run.check_show()?;
    Ok(MtrunOptions { launch, run })
}

/// Arguments that are neither options nor their values, as texts.
fn words(matches: &clap::ArgMatches, id: &str) -> Result<Vec<String>, String> {
    let words = all::<OsString>(matches, id).into_iter().map(OsString::into_string);
    words
        .collect::<Result<_, _>>()
        .map_err(|word| format!("the argument `{}` is not valid Unicode", word.display()))
}

/// The options that `mtrun` hands to a target with libtest's own `main`; none without the variable.
///
/// # Errors
/// The variable does not hold what [`args_for_variable`] writes.
pub fn args_from_variable(value: Option<OsString>) -> Result<Vec<OsString>, OptionError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    value.to_str().and_then(os_text::list_from_json).ok_or_else(|| {
        let example = "[\"--tags\",\"a\"]";
        OptionError::Wrong(format!(
            "`{ARGS_VARIABLE}` must be a JSON array of strings, as in `{example}`"
        ))
    })
}

/// The value of [`ARGS_VARIABLE`]: a JSON array of strings. An argument that is not Unicode is a list of
/// bytes there.
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
        .override_usage(if mtrun { MTRUN_USAGE } else { BINARY_USAGE });
    if mtrun {
        command = command.about(MTRUN_TARGETS);
    }
    for (heading, rows) in FAMILIES.iter().copied().chain(mtrun.then_some(CARGO)) {
        command = command.args(rows().into_iter().map(|row| row.arg.help_heading(heading)));
    }
    let word = |id| Arg::new(id).hide(true).num_args(0..).value_parser(value_parser!(OsString));
    command = command.arg(word(WORDS)).arg(word(REST).last(true));
    // Building adds clap's own `--help` and `--version`.
    command.build();
    command
}

/// The ids of arguments before and after `--` that are neither options nor their values.
const WORDS: &str = "words";
const REST: &str = "rest";

const MTRUN_USAGE: &str = "mtrun [OPTIONS] [TARGET]... [-- ARGS FOR THE BINARY]";
const BINARY_USAGE: &str = "<binary> [OPTIONS] [FILTER]...";
const MTRUN_TARGETS: &str = "\
Build and run tasks that depend on each other.

TARGET is path/to/file.rs, path/to/file.rs::task, or a target's name. Any other word chooses tasks
whose names contain it. Without TARGET, mtrun runs every test target with `concurra::main!()`, in the
packages that cargo would choose.";
const EXCLUDE_ALONE: &str = "\
`--exclude` leaves packages out of `--workspace`; write `--workspace --exclude SPEC`, or name the \
other packages with `-p`";
const EMPTY_WORD: &str = "\
an argument is empty, perhaps from an unset shell variable; name a target or tasks, or leave the \
argument out";

#[cfg(test)]
mod tests;
