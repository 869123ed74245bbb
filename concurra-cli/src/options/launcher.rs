//! Which targets `mtrun` builds and how cargo is asked to.

use std::path::PathBuf;

use clap::{Arg, ArgMatches};

use super::Surroundings;
use super::table::{all, flag, one, text, texts};

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
    pub passed: Vec<String>,
}

/// What cargo is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CargoOptions {
    /// The packages whose targets are meant.
    pub packages: Vec<String>,
    /// All packages of the workspace are meant.
    pub workspace: bool,
    /// Packages of the workspace that are left out.
    pub exclude: Vec<String>,
    /// `--manifest-path`, absolute.
    pub manifest: Option<PathBuf>,
    /// Options for the build, ready for cargo's command line.
    pub build: Vec<String>,
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
        texts("exclude", "SPEC", "With --workspace: without this package"),
        texts("features", "FEATURES", "Activate these features").short('F'),
        text("cargo-profile", "NAME", "Build with this profile of cargo"),
        text("target", "TRIPLE", "Build for this platform"),
        text("target-dir", "DIR", "Where cargo puts what it builds"),
        text("manifest-path", "PATH", "The Cargo.toml to start from"),
    ];
    args.extend(flags.map(|arg| if arg.get_id() == "release" { arg.short('r') } else { arg }));
    args
}

pub(super) fn read(matches: &ArgMatches, around: &Surroundings<'_>) -> LaunchOptions {
    LaunchOptions {
        words: Vec::new(),
        bins: matches.get_flag("bins"),
        examples: matches.get_flag("examples"),
        cargo: CargoOptions {
            packages: all(matches, "package"),
            workspace: matches.get_flag("workspace"),
            exclude: all(matches, "exclude"),
            manifest: one(matches, "manifest-path").map(|path| around.path(&path)),
            build: build_options(matches, around),
            metadata: metadata_options(matches),
        },
        passed: Vec::new(),
    }
}

fn build_options(matches: &ArgMatches, around: &Surroundings<'_>) -> Vec<String> {
    let mut options = metadata_options(matches);
    if matches.get_flag("release") {
        options.push("--release".to_owned());
    }
    let mut push = |name: &str, value: Option<String>| {
        options.extend(value.map(|value| format!("--{name}={value}")));
    };
    push("profile", one(matches, "cargo-profile"));
    push("target", one(matches, "target"));
    // Cargo may be started in another folder than ours, so its paths must not depend on it.
    let dir = one(matches, "target-dir").map(|dir| around.path(&dir).display().to_string());
    push("target-dir", dir);
    options
}

fn metadata_options(matches: &ArgMatches) -> Vec<String> {
    let flags = FLAGS.iter().map(|(name, _)| *name).filter(|name| *name != "release");
    let flags = flags.filter(|name| matches.get_flag(name)).map(|name| format!("--{name}"));
    let features = all(matches, "features").into_iter().map(|list| format!("--features={list}"));
    flags.chain(features).collect()
}
