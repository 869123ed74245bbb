//! Errors before a runner starts.

use std::io;
use std::path::PathBuf;

use concurra_core::nearest::did_you_mean;

use crate::report::Unwritable;
use crate::supervise::{ExitClass, PROTOCOL, VERSION};

/// Why `mtrun` cannot start a runner.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LaunchError {
    #[error("no Cargo.toml in `{dir}` or above it; go into a package, or name a file")]
    NoManifest { dir: PathBuf },
    #[error("`--manifest-path {path}` is not a Cargo.toml{}", did_you_mean(suggestions))]
    NotAManifest { path: PathBuf, suggestions: Vec<String> },
    #[error("no task name after `{file}::`; write `{file}` to run all its tasks")]
    NoTask { file: String },
    #[error("cargo rejects the package options: {why}")]
    Packages { why: String },
    #[error("cannot read `{path}`: {source}{}", did_you_mean(suggestions))]
    NoFile { path: PathBuf, source: io::Error, suggestions: Vec<String> },
    #[error(
        "`{path}` belongs to no test, example or binary of its package; move it into tests/ or \
         examples/, or begin it with `#!/usr/bin/env mtrun` to run it by itself"
    )]
    NoTarget { path: PathBuf },
    #[error(
        "`{path}` is part of a library, which has no runner; name a test, an example or a binary \
         that takes its tasks in with `concurra::link!`"
    )]
    Library { path: PathBuf },
    #[error("`{path}` may belong to {}; name one of them", targets.join(", "))]
    ManyTargets { path: PathBuf, targets: Vec<String> },
    #[error("{0}; nothing was run")]
    Report(Unwritable),
    #[error(
        "`--report`: `{{target}}` in `{path}` is for binaries by themselves: mtrun writes one report over all \
         targets; leave it out"
    )]
    ReportPerTarget { path: PathBuf },
    #[error("no target of the chosen packages has a runner; write `concurra::main!();` in one")]
    NoRunnerAtAll,
    #[error("no runner; write `concurra::main!();` {place}, or run it without mtrun: {command}")]
    NoRunner { place: &'static str, command: String },
    #[error("cargo did not build it; look at its `required-features`")]
    NotBuilt,
    #[error("{why}; build it in a separate target folder, with `--target-dir`")]
    Mistaken { why: String },
    #[error(
        "it has concurra {version} (protocol {protocol}), which does not fit mtrun {VERSION} \
         (protocol {PROTOCOL}); install the mtrun of that version: \
         cargo install concurra-cli --version {version}"
    )]
    Version { version: String, protocol: u32 },
    #[error("cannot start cargo: {0}; install Rust, or set the variable CARGO")]
    Cargo(#[source] io::Error),
    #[error("cargo cannot read the workspace: {why}")]
    Metadata { why: String },
    #[error("{path}:{line}: cargo rejects `//# {text}`: {why}")]
    DependencyLine { path: PathBuf, line: usize, text: String, why: String },
    #[error("cargo rejects the `//#` lines of `{path}`: {why}")]
    Dependencies { path: PathBuf, why: String },
    /// Cargo printed why.
    #[error("the build failed")]
    Build,
    #[error(
        "cannot use the cache folder, in which mtrun builds files outside of any package: {why}; set \
         XDG_CACHE_HOME to a folder that only you can write"
    )]
    Cache { why: String },
    #[error("cannot start it: {0}")]
    Start(#[source] io::Error),
    #[error("cannot install signal handlers: {0}")]
    Signals(#[source] io::Error),
}

impl LaunchError {
    pub(crate) const fn class(&self) -> ExitClass {
        use LaunchError as E;
        match self {
            E::NoRunnerAtAll => ExitClass::Nothing,
            E::Report(_) => ExitClass::Report,
            E::Cargo(_) | E::Metadata { .. } => ExitClass::Metadata,
            E::DependencyLine { .. } | E::Dependencies { .. } => ExitClass::Build,
            E::Build | E::Cache { .. } => ExitClass::Build,
            E::NoRunner { .. } | E::NotBuilt | E::Mistaken { .. } => ExitClass::Listing,
            E::Version { .. } | E::Start(_) | E::Signals(_) => ExitClass::Listing,
            _ => ExitClass::Option,
        }
    }
}
