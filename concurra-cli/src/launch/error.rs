//! What can go wrong before a runner starts.

use std::io;
use std::path::PathBuf;

use concurra_core::nearest::did_you_mean;

use crate::report::Unwritable;
use crate::supervise::{ExitClass, PROTOCOL, VERSION};

/// What went wrong before a runner started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum LaunchError {
    #[error(
        "no Cargo.toml in `{}` or above it; go into a package, or name a file: mtrun path/to/file.rs",
        dir.display()
    )]
    NoManifest { dir: PathBuf },
    #[error(
        "`--manifest-path {}` is not a Cargo.toml{}",
        path.display(),
        did_you_mean(suggestions)
    )]
    NotAManifest { path: PathBuf, suggestions: Vec<String> },
    #[error("no task name after `{file}::`; write `{file}` to run all its tasks")]
    NoTask { file: String },
    #[error("cargo rejects the package options: {why}")]
    Packages { why: String },
    #[error("cannot read `{}`: {source}{}", path.display(), did_you_mean(suggestions))]
    NoFile { path: PathBuf, source: io::Error, suggestions: Vec<String> },
    #[error(
        "`{}` belongs to no test, example or binary of its package; move it into tests/ or \
         examples/, or begin it with `#!/usr/bin/env mtrun` to run it by itself",
        path.display()
    )]
    NoTarget { path: PathBuf },
    #[error(
        "`{}` is part of a library, which has no runner of its own; name a test, an example or a \
         binary that takes its tasks in with `concurra::link!`",
        path.display()
    )]
    Library { path: PathBuf },
    #[error("{0}; nothing was run")]
    Report(Unwritable),
    #[error("`{{target}}` in `{}` is for binaries by themselves: mtrun writes one report over all targets; leave it out", path.display())]
    ReportPerTarget { path: PathBuf },
    #[error("`{}` may belong to {}; name one of them", path.display(), targets.join(", "))]
    ManyTargets { path: PathBuf, targets: Vec<String> },
    #[error("no target of the chosen packages has a runner; write `concurra::main!();` in {place}")]
    NoRunnerAtAll { place: &'static str },
    #[error(
        "{label} has no runner; write `concurra::main!();` {place}, or run it without mtrun: \
         {command}"
    )]
    NoRunner {
        label: String,
        /// Where `main!` goes.
        place: &'static str,
        /// The command that runs it without `mtrun`.
        command: String,
    },
    #[error("cargo did not build {label}; look at its `required-features`")]
    NotBuilt { label: String },
    #[error("{why}; build it in a target folder of its own, with `--target-dir`")]
    Mistaken { why: String },
    #[error(
        "{label} has concurra {version} (protocol {protocol}), which does not fit mtrun {VERSION} \
         (protocol {PROTOCOL}); install the mtrun of that version: \
         cargo install concurra-cli --version {version}"
    )]
    Version { label: String, version: String, protocol: u32 },
    #[error("cannot start cargo: {0}; install Rust, or set the variable CARGO")]
    Cargo(#[source] io::Error),
    #[error("cargo cannot read the workspace: {why}")]
    Metadata { why: String },
    #[error("{}:{line}: cargo rejects `//# {text}`: {why}", path.display())]
    DependencyLine { path: PathBuf, line: usize, text: String, why: String },
    #[error("cargo rejects the `//#` lines of `{}`: {why}", path.display())]
    Dependencies { path: PathBuf, why: String },
    /// Cargo printed why.
    #[error("the build failed")]
    Build,
    #[error("cannot write `{}`: {source}; set XDG_CACHE_HOME to a folder that you can write", path.display())]
    Cache { path: PathBuf, source: io::Error },
    #[error(
        "cannot use the cache folder, in which mtrun builds files outside of any package: {why}; set \
         XDG_CACHE_HOME to a folder that only you can write"
    )]
    NoCache { why: String },
    #[error("cannot start {label}: {source}")]
    Start { label: String, source: io::Error },
    #[error("cannot install signal handlers: {0}")]
    Signals(#[source] io::Error),
}

impl LaunchError {
    pub(crate) const fn class(&self) -> ExitClass {
        match self {
            Self::NoManifest { .. }
            | Self::NotAManifest { .. }
            | Self::NoTask { .. }
            | Self::Packages { .. }
            | Self::NoFile { .. }
            | Self::NoTarget { .. }
            | Self::Library { .. }
            | Self::ManyTargets { .. } => ExitClass::Option,
            Self::NoRunnerAtAll { .. } => ExitClass::Nothing,
            Self::Report(_) => ExitClass::Report,
            Self::ReportPerTarget { .. } => ExitClass::Option,
            Self::Cargo(_) | Self::Metadata { .. } => ExitClass::Metadata,
            Self::DependencyLine { .. }
            | Self::Dependencies { .. }
            | Self::Build
            | Self::Cache { .. }
            | Self::NoCache { .. } => ExitClass::Build,
            _ => ExitClass::Listing,
        }
    }
}
