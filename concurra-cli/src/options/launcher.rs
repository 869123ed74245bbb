//! Which targets `mtrun` builds and how cargo is asked to.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgMatches};

use super::table::{all, flag, list, one, path, text, texts};
use super::{OptionError, Surroundings};

/// Which targets, and how they are built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchOptions {
    /// Files, targets' names and filters, as written.
    pub words: Vec<String>,
    /// All binaries that have the runner.
    pub bins: bool,
    /// All examples that have the runner.
    pub examples: bool,
    /// What cargo is told.
    pub cargo: CargoOptions,
    /// What the binary is told: every option of a run, as written, then what stood after `--`.
    pub passed: Vec<OsString>,
}

/// What cargo is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CargoOptions {
    /// The packages whose targets are meant; with `workspace` they count for nothing, as in cargo.
    pub packages: Vec<String>,
    /// All packages of the workspace are meant.
    pub workspace: bool,
    /// The packages that are left out of `workspace`, which is then set.
    pub exclude: Vec<String>,
    /// `--manifest-path`, absolute.
    pub manifest: Option<PathBuf>,
    /// Options for the build, ready for cargo's command line.
    pub build: Vec<OsString>,
    /// Those of them that `cargo metadata` knows too.
    pub metadata: Vec<String>,
}

const FLAGS: [(&str, &str); 5] = [
    ("all-features", "Activate all features"),
    ("no-default-features", "Do not activate the default feature"),
    ("locked", "Cargo.lock must be up to date"),
    ("offline", "Do not use the network"),
    ("release", "Build with optimisations"),
];

pub(super) fn args() -> Vec<Arg> {
    let flags = FLAGS.into_iter().map(|(name, help)| flag(name, help));
    let mut args = vec![
        flag("bins", "All binaries that have the runner"),
        flag("examples", "All examples that have the runner"),
        texts("package", "SPEC", "Only targets of this package").short('p'),
        flag("workspace", "Targets of all packages of the workspace"),
        texts("exclude", "SPEC", "Leave this package out of --workspace"),
        list("features", "FEATURES", "Activate these features").short('F'),
        text("cargo-profile", "NAME", "Build with this profile of cargo"),
        text("target", "TRIPLE", "Build for this platform"),
        path("target-dir", "DIR", "Where cargo puts what it builds"),
        path("manifest-path", "PATH", "The Cargo.toml to start from"),
    ];
    args.extend(flags.map(|arg| if arg.get_id() == "release" { arg.short('r') } else { arg }));
    args
}

pub(super) fn read(
    matches: &ArgMatches,
    around: &Surroundings<'_>,
) -> Result<LaunchOptions, OptionError> {
    Ok(LaunchOptions {
        words: Vec::new(),
        bins: matches.get_flag("bins"),
        examples: matches.get_flag("examples"),
        cargo: cargo(matches, around)?,
        passed: Vec::new(),
    })
}

fn cargo(matches: &ArgMatches, around: &Surroundings<'_>) -> Result<CargoOptions, OptionError> {
    let (workspace, exclude) = (matches.get_flag("workspace"), all(matches, "exclude"));
    if !workspace && !exclude.is_empty() {
        return Err(OptionError::ExcludeAlone);
    }
    Ok(CargoOptions {
        packages: all(matches, "package"),
        workspace,
        exclude,
        manifest: one::<PathBuf>(matches, "manifest-path").map(|path| around.path(path)),
        build: build_options(matches, around),
        metadata: metadata_options(matches),
    })
}

fn build_options(matches: &ArgMatches, around: &Surroundings<'_>) -> Vec<OsString> {
    let mut options: Vec<OsString> =
        metadata_options(matches).into_iter().map(Into::into).collect();
    if matches.get_flag("release") {
        options.push("--release".into());
    }
    let mut push = |name: &str, value: Option<OsString>| {
        options.extend(value.map(|value| {
            let mut option = OsString::from(format!("--{name}="));
            option.push(value);
            option
        }));
    };
    push("profile", one::<String>(matches, "cargo-profile").map(Into::into));
    push("target", one::<String>(matches, "target").map(Into::into));
    // Cargo may be started in another folder than ours, so its paths must not depend on it.
    let dir = one::<PathBuf>(matches, "target-dir").map(|dir| around.path(dir));
    push("target-dir", dir.map(Into::into));
    options
}

fn metadata_options(matches: &ArgMatches) -> Vec<String> {
    let flags = FLAGS.iter().map(|(name, _)| *name).filter(|name| *name != "release");
    let flags = flags.filter(|name| matches.get_flag(name)).map(|name| format!("--{name}"));
    let features =
        all::<String>(matches, "features").into_iter().map(|list| format!("--features={list}"));
    flags.chain(features).collect()
}
