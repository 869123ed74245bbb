//! Names that cannot be parameters: options of other versions, of cargo, of other test runners and of
//! `mtrun`, and misspelt options.

use std::sync::LazyLock;

use clap::Arg;
use concurra_core::nearest::{did_you_mean, nearest};

use super::{Program, command, launcher};

/// Options of later versions. As parameters they would do nothing in silence.
const LATER: &str =
    "async-limit progress viewer shuffle no-history rerun-failed resume reuse no-record";

/// Short options of later versions.
const LATER_SHORT: &[&str] = &["-R", "-E", "-P"];

/// Options of cargo alone. As parameters they would do nothing in silence.
const CARGO: &str = "all all-targets artifact-dir benches bin compile-time-deps config doc example \
     explain frozen future-incompat-report ignore-rust-version jobs keep-going lib lockfile-path \
     message-format no-run out-dir profile tests timings unit-graph";

/// The options to write instead of some of cargo's.
const INSTEAD: &[(&str, &str)] = &[
    ("all", "`--workspace`"),
    ("jobs", "`--workers`"),
    ("profile", "`--cargo-profile`"),
    ("frozen", "`--locked --offline`"),
    ("bin", "the binary's name"),
    ("example", "the example's name"),
];

/// Options of other test runners that ask for what users would miss, and what to write instead, if there
/// is something. As parameters they would do nothing.
const OTHERS: &[(&str, Option<&str>)] = &[
    ("run-ignored", Some("`--ignored` or `--include-ignored`")),
    ("success-output", Some("`--show-output`")),
    ("failure-output", Some("`--show-output`")),
    ("filterset", Some("`--tags` or a part of a name")),
    ("filter-expr", Some("`--tags` or a part of a name")),
    ("partition", None),
    ("junit", Some("`--report json=FILE`")),
    ("junit-xml", Some("`--report json=FILE`")),
    ("junitxml", Some("`--report json=FILE`")),
    ("logfile", Some("`--report json=FILE`")),
    ("reruns", Some("`--retries`")),
    ("max-failures", Some("`--max-fail`")),
    ("bail", Some("`--fail-fast` or `--max-fail`")),
    ("numprocesses", Some("`--workers`")),
    ("collect-only", Some("`--list`")),
    ("deselect", Some("`--skip`")),
    ("last-failed", None),
];

/// Refuses `--KEY=VALUE` when KEY is the name of an option, or resembles one.
pub(super) fn check_parameter(program: Program, key: &str) -> Result<(), String> {
    check_reserved(key, &format!("--{key}"))?;
    let is_near = |name: &str| {
        let reach = if name.chars().count() >= 8 { 2 } else { 1 };
        strsim::osa_distance(key, name) <= reach
    };
    let meant = format!("`--set {key}=VALUE` for a parameter of that name");
    if let Some(option) = options(Program::Mtrun).find(|name| is_near(name)) {
        let is_known = options(program).any(|known| known == option);
        let instead = if is_known { format!("`--{option}`, or ") } else { String::new() };
        return Err(format!(
            "`--{key}` is too near to the option `--{option}` to be a parameter; write {instead}{meant}"
        ));
    }
    if let Some(later) = LATER.split_whitespace().find(|name| is_near(name)) {
        return Err(format!(
            "`--{key}` is too near to the option `--{later}` of later versions to be a parameter; write \
             {meant}"
        ));
    }
    let mut letters = key.chars();
    let starts = letters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    if starts && letters.all(|letter| letter.is_alphanumeric() || "_-.".contains(letter)) {
        Ok(())
    } else {
        Err(format!(
            "`--{key}` is not a valid parameter name; use `--set {key}=VALUE` to set it anyway"
        ))
    }
}

/// The message for `--NAME` or `-X`, which the table does not have.
pub(super) fn unknown(program: Program, option: &str) -> String {
    let name = option.trim_start_matches('-');
    if let Err(reserved) = check_reserved(name, option) {
        return reserved;
    }
    let Some(key) = option.strip_prefix("--") else {
        return format!("unknown option `{option}`; `--help` lists the options");
    };
    let near = meant_by(program, key);
    if near.is_empty() {
        let advice = format!("a parameter is written `--{key}=VALUE`, `--help` lists options");
        return format!("unknown option `{option}`; {advice}");
    }
    format!("unknown option `{option}`{}", did_you_mean(&near))
}

/// The options that a parameter's name may mean: those that resemble it, or else those that begin as it
/// does.
pub(super) fn meant_by(program: Program, key: &str) -> Vec<String> {
    let near = nearest(key, options(program));
    if !near.is_empty() {
        return written(near);
    }
    let same = |name: &str| name.chars().zip(key.chars()).take_while(|(a, b)| a == b).count();
    let alike = options(program).map(|name| (same(name), name));
    // `--retry` may mean `--retries`.
    let alike = alike.filter(|(same, _)| *same >= ALIKE && same * 2 >= key.chars().count());
    written(alike.max().into_iter().map(|(_, name)| name))
}

/// How many first letters make two words alike.
const ALIKE: usize = 4;

fn written<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    names.into_iter().map(|name| format!("--{name}")).collect()
}

/// The message for an option or a kind of report of a later version.
pub(super) fn not_supported(word: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!("`{word}` is not supported by this version of Concurra ({version})")
}

/// Refuses the options of other versions, of `mtrun`, of cargo and of other test runners.
fn check_reserved(name: &str, option: &str) -> Result<(), String> {
    let of_mtrun = |arg: Arg| {
        arg.get_long().is_some_and(|long| option == format!("--{long}"))
            || arg.get_short().is_some_and(|short| option == format!("-{short}"))
    };
    let set = format!("`--set {name}=VALUE` if a parameter is meant");
    if LATER.split_whitespace().any(|later| later == name) || LATER_SHORT.contains(&option) {
        Err(not_supported(option))
    } else if launcher::rows().into_iter().any(|row| of_mtrun(row.arg)) {
        Err(format!(
            "`{option}` is an option of `mtrun` and cargo; the binary itself is already built"
        ))
    } else if CARGO.split_whitespace().any(|cargo| cargo == name) {
        let instead = INSTEAD.iter().find(|(cargo, _)| *cargo == name);
        let instead = instead.map_or(set, |(_, ours)| (*ours).to_owned());
        Err(format!("`{option}` is an option of cargo that is not supported here; write {instead}"))
    } else if let Some((_, ours)) = OTHERS.iter().find(|(other, _)| *other == name) {
        let ours = ours.map(|ours| format!("{ours}, or ")).unwrap_or_default();
        Err(format!(
            "`{option}` is an option of other test runners that is not supported here; write {ours}{set}"
        ))
    } else {
        Ok(())
    }
}

/// The names of all options of a program in the help.
fn options(program: Program) -> impl Iterator<Item = &'static str> {
    static NAMES: [LazyLock<Vec<String>>; 2] =
        [LazyLock::new(|| names(Program::Binary)), LazyLock::new(|| names(Program::Mtrun))];
    NAMES[usize::from(program == Program::Mtrun)].iter().map(String::as_str)
}

fn names(program: Program) -> Vec<String> {
    let table = command(program);
    let shown = table.get_arguments().filter(|arg| !arg.is_hide_set());
    shown.flat_map(longs).map(str::to_owned).collect()
}

/// The long forms of an option.
pub(super) fn longs(arg: &Arg) -> impl Iterator<Item = &str> {
    arg.get_long().into_iter().chain(arg.get_all_aliases().unwrap_or_default())
}
