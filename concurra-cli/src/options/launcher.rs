//! The targets that `mtrun` builds, and the options of cargo.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction};

use super::table::{Row, filled, flag, once, path, texts, unicode};

/// The targets, and how cargo builds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchOptions {
    /// Files, targets' names and filters, as written.
    pub words: Vec<String>,
    /// All binaries that have the runner.
    pub bins: bool,
    /// All examples that have the runner.
    pub examples: bool,
    /// The options of cargo.
    pub cargo: CargoOptions,
    /// The arguments of the binary: every option of a run, then the arguments after `--`.
    pub passed: Vec<OsString>,
}

/// The options of cargo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CargoOptions {
    /// Packages whose targets run; with `workspace` they count for nothing, as in cargo.
    pub packages: Vec<String>,
    /// The targets of all packages of the workspace run.
    pub workspace: bool,
    /// Packages to leave out of `workspace`, which is then set.
    pub exclude: Vec<String>,
    /// `--manifest-path`, absolute.
    pub manifest: Option<PathBuf>,
    /// Options for the build, ready for cargo's command line.
    pub build: Vec<OsString>,
    /// The options of `build` that `cargo metadata` knows too.
    pub metadata: Vec<String>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        flag("bins", "Run all binaries with `concurra::main!()`", |to| to.launch.bins = true),
        flag("examples", "Run all examples with `concurra::main!()`", |to| {
            to.launch.examples = true
        }),
        texts("package", "SPEC", "Choose targets of this package", |to, all| {
            to.launch.cargo.packages = all
        })
        .with(|arg| arg.short('p')),
        flag("workspace", "Choose targets of all packages of the workspace", |to| {
            to.launch.cargo.workspace = true
        }),
        texts("exclude", "SPEC", "Leave this package out of --workspace", |to, all| {
            to.launch.cargo.exclude = all
        }),
        texts("features", "FEATURES", "Activate these features", |to, all| {
            all.iter().for_each(|list| to.launch.cargo.pass(true, format!("--features={list}")));
        })
        .with(|arg| arg.short('F').value_parser(unicode(|list| Ok(list.to_owned())))),
        build("cargo-profile", "NAME", "Build with this profile of cargo", "profile"),
        build("target", "TRIPLE", "Build for this platform", "target"),
        // `mtrun` may start cargo in another folder, so cargo gets absolute paths.
        path("target-dir", "DIR", "Folder for cargo's output", |to, dir| {
            let mut option = OsString::from("--target-dir=");
            option.push(dir);
            to.launch.cargo.build.push(option);
        }),
        path("manifest-path", "PATH", "The Cargo.toml to start from", |to, path| {
            to.launch.cargo.manifest = Some(path)
        }),
        cargo_flag("all-features", "Activate all features", true),
        cargo_flag("no-default-features", "Do not activate the default features", true),
        cargo_flag("locked", "Require an up-to-date Cargo.lock", true),
        cargo_flag("offline", "Do not use the network", true),
        cargo_flag("release", "Build with optimisations", false).with(|arg| arg.short('r')),
    ]
}

/// An option to pass to cargo as it is, also to `cargo metadata` when that knows it.
fn cargo_flag(name: &'static str, help: &'static str, metadata: bool) -> Row {
    flag(name, help, move |to| {
        to.launch.cargo.pass(metadata, format!("--{name}"));
    })
}

/// An option with a value to pass to cargo's build under the name `cargo`.
fn build(name: &'static str, what: &'static str, help: &'static str, cargo: &'static str) -> Row {
    let arg = Arg::new(name).long(name).value_name(what).help(help).action(ArgAction::Append);
    Row::new(arg.value_parser(unicode(filled)), move |matches, to, _| {
        let value = once::<String>(matches, name)?;
        value.into_iter().for_each(|value| {
            to.launch.cargo.pass(false, format!("--{cargo}={value}"));
        });
        Ok(())
    })
}

impl CargoOptions {
    fn pass(&mut self, metadata: bool, option: String) {
        self.build.push(option.clone().into());
        self.metadata.extend(metadata.then_some(option));
    }
}
