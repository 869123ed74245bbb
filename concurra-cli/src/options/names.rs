//! Names that cannot be parameters: options of other versions, of cargo and of `mtrun`, and slips.

use concurra_core::nearest::nearest;

use super::{OptionError, rows};

/// Options that a later version will have. Taking them as parameters would hide that they do nothing.
const LATER: &[&str] = &[
    "async-limit",
    "progress",
    "viewer",
    "shuffle",
    "no-history",
    "rerun-failed",
    "resume",
    "reuse",
    "no-record",
];

/// Short ones of the same kind.
const LATER_SHORT: &[char] = &['R', 'E', 'P'];

/// Cargo's options that are not among ours: a typing habit must not become a parameter in silence.
const CARGO: &[&str] = &[
    "all",
    "all-targets",
    "artifact-dir",
    "benches",
    "bin",
    "compile-time-deps",
    "config",
    "doc",
    "example",
    "explain",
    "frozen",
    "future-incompat-report",
    "ignore-rust-version",
    "jobs",
    "keep-going",
    "lib",
    "lockfile-path",
    "message-format",
    "no-run",
    "out-dir",
    "profile",
    "tests",
    "timings",
    "unit-graph",
];

/// What to write instead of some of them.
const INSTEAD: &[(&str, &str)] = &[
    ("all", "`--workspace`"),
    ("jobs", "`--workers`"),
    ("profile", "`--cargo-profile`"),
    ("frozen", "`--locked --offline`"),
    ("bin", "the binary's name"),
    ("example", "the example's name"),
];

/// The option by which `mtrun` names a task: nobody else means it.
const UNOFFERED: &str = "task";

/// Refuses `--KEY=VALUE` when KEY is, or may be meant as, the name of an option.
pub(super) fn check_parameter(key: &str) -> Result<(), OptionError> {
    check_reserved(key)?;
    let slip = options().chain(LATER.iter().copied()).find(|name| {
        let reach = if name.chars().count() >= 8 { 2 } else { 1 };
        strsim::osa_distance(key, name) <= reach
    });
    if let Some(option) = slip {
        return Err(OptionError::NearOption { key: key.to_owned(), option: option.to_owned() });
    }
    let mut letters = key.chars();
    let starts = letters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    if starts && letters.all(|letter| letter.is_alphanumeric() || "_-.".contains(letter)) {
        Ok(())
    } else {
        Err(OptionError::NotAKey { key: key.to_owned() })
    }
}

/// The error for `--NAME` that the table does not know.
pub(super) fn unknown(name: &str) -> OptionError {
    if let Err(reserved) = check_reserved(name) {
        return reserved;
    }
    let near = nearest(name, options()).into_iter().map(|near| format!("--{near}")).collect();
    OptionError::Unknown { option: format!("--{name}"), near, key: Some(name.to_owned()) }
}

/// The error for `-X` that the table does not know.
pub(super) fn unknown_short(short: char) -> OptionError {
    let option = format!("-{short}");
    if LATER_SHORT.contains(&short) {
        OptionError::Later { option }
    } else if launcher_args().any(|arg| arg.get_short() == Some(short)) {
        OptionError::OfMtrun { option }
    } else {
        OptionError::Unknown { option, near: Vec::new(), key: None }
    }
}

fn check_reserved(name: &str) -> Result<(), OptionError> {
    let option = format!("--{name}");
    if LATER.contains(&name) {
        return Err(OptionError::Later { option });
    }
    if launcher_args().any(|arg| arg.get_long() == Some(name)) {
        return Err(OptionError::OfMtrun { option });
    }
    if CARGO.contains(&name) {
        let instead = INSTEAD.iter().find(|(cargo, _)| *cargo == name).map(|(_, ours)| *ours);
        return Err(OptionError::OfCargo { option, key: name.to_owned(), instead });
    }
    Ok(())
}

fn launcher_args() -> impl Iterator<Item = clap::Arg> {
    rows(true).map(|row| row.arg)
}

/// The names of all options of this version that a person may have meant.
fn options() -> impl Iterator<Item = &'static str> {
    use std::sync::LazyLock;
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let args = rows(false).chain(rows(true)).map(|row| row.arg);
        let names = args.flat_map(|arg| {
            let aliases = arg.get_all_aliases().unwrap_or_default();
            let aliases = aliases.into_iter().map(str::to_owned).collect::<Vec<_>>();
            arg.get_long().map(str::to_owned).into_iter().chain(aliases)
        });
        names.chain(["help".to_owned(), "version".to_owned()]).collect()
    });
    NAMES.iter().map(String::as_str).filter(|name| *name != UNOFFERED)
}
