//! Names that cannot be parameters: options of other versions, of cargo and of `mtrun`, and misspelt
//! options.

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

/// Refuses `--KEY=VALUE` when KEY is the name of an option, or resembles one.
pub(super) fn check_parameter(key: &str) -> Result<(), String> {
    check_reserved(key, &format!("--{key}"))?;
    let resembled = options().chain(LATER.split(' ')).find(|name| {
        let reach = if name.chars().count() >= 8 { 2 } else { 1 };
        strsim::osa_distance(key, name) <= reach
    });
    if let Some(option) = resembled {
        return Err(format!(
            "`--{key}` is too near to the option `--{option}` to be a parameter; write \
             `--{option}`, or `--set {key}=VALUE` for a parameter of that name"
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
pub(super) fn unknown(option: &str) -> String {
    let name = option.trim_start_matches('-');
    if let Err(reserved) = check_reserved(name, option) {
        return reserved;
    }
    let Some(key) = option.strip_prefix("--") else {
        return format!("unknown option `{option}`; `--help` lists the options");
    };
    let near = nearest(key, options()).into_iter().map(|near| format!("--{near}"));
    let near = near.collect::<Vec<_>>();
    if near.is_empty() {
        let advice = format!("a parameter is written `--{key}=VALUE`, `--help` lists options");
        return format!("unknown option `{option}`; {advice}");
    }
    format!("unknown option `{option}`{}", did_you_mean(&near))
}

/// The message for an option or a kind of report of a later version.
pub(super) fn not_supported(word: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!("`{word}` is not supported by this version of Concurra ({version})")
}

/// Refuses the options of other versions, of `mtrun` and of cargo.
fn check_reserved(name: &str, option: &str) -> Result<(), String> {
    let of_mtrun = |arg: Arg| {
        arg.get_long().is_some_and(|long| option == format!("--{long}"))
            || arg.get_short().is_some_and(|short| option == format!("-{short}"))
    };
    if LATER.split(' ').any(|later| later == name) || LATER_SHORT.contains(&option) {
        Err(not_supported(option))
    } else if launcher::rows().into_iter().any(|row| of_mtrun(row.arg)) {
        Err(format!(
            "`{option}` is an option of `mtrun` and cargo; the binary itself is already built"
        ))
    } else if CARGO.split_whitespace().any(|cargo| cargo == name) {
        let instead = INSTEAD.iter().find(|(cargo, _)| *cargo == name);
        let instead = instead.map_or_else(
            || format!("`--set {name}=VALUE` if a parameter is meant"),
            |(_, ours)| (*ours).to_owned(),
        );
        Err(format!("`{option}` is an option of cargo that is not supported here; write {instead}"))
    } else {
        Ok(())
    }
}

/// The names of all options of this version in the help.
fn options() -> impl Iterator<Item = &'static str> {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let table = command(Program::Mtrun);
        let shown = table.get_arguments().filter(|arg| !arg.is_hide_set());
        shown.flat_map(longs).map(str::to_owned).collect()
    });
    NAMES.iter().map(String::as_str)
}

/// The long forms of an option.
pub(super) fn longs(arg: &Arg) -> impl Iterator<Item = &str> {
    arg.get_long().into_iter().chain(arg.get_all_aliases().unwrap_or_default())
}
