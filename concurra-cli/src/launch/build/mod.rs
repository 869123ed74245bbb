//! Lets cargo build targets, and keeps what it prints and hands over.

mod hand_over;
mod request;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use cargo_metadata::{Artifact, BuildScript, Message, PackageId, TargetKind};

pub(crate) use hand_over::{WORD as HAND_OVER, hand_over};
pub(crate) use request::{Request, exact};

use super::cargo::{Cargo, Config, is_set_by_cargo, may_be_made_absolute};
use super::error::LaunchError;
use super::interrupts::Interrupts;
use super::program::{HandedOver, Marker};
use super::targets::{Kind, Target};
use hand_over::Handed;

/// What cargo printed and handed over while it built.
#[derive(Debug)]
pub(crate) struct Built {
    /// When cargo was started.
    pub(crate) started: SystemTime,
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) scripts: Vec<BuildScript>,
    handed: Vec<Handed>,
}

/// Builds the requested targets; cargo's messages for people go to stderr. Cargo also hands over
/// the programs with the runner, unless the configuration has a runner of its own for programs.
pub(crate) fn build(
    cargo: &Cargo,
    config: &Config,
    request: &Request,
    interrupts: &Interrupts,
) -> Result<Built, LaunchError> {
    let started = SystemTime::now();
    let mut built =
        Built { started, artifacts: Vec::new(), scripts: Vec::new(), handed: Vec::new() };
    let handing = if cargo_must_start(config) { Vec::new() } else { hand_over::options()? };
    let is_test = request.kind == Kind::Test;
    let mut command = match request.kind {
        Kind::Test => cargo.build_command(&handing, "test"),
        Kind::Example | Kind::Bin => cargo.build_command(&[], "build"),
    };
    if is_test {
        command.arg(if handing.is_empty() { "--no-run" } else { "--no-fail-fast" });
    }
    command.arg("--message-format=json-render-diagnostics").args(request.args());
    built.run(command, interrupts)?;
    if is_test || handing.is_empty() {
        return Ok(built);
    }
    for (package, name) in built.runners(request.kind) {
        let mut command = cargo.build_command(&handing, "run");
        let kind = format!("--{}", request.kind.as_str());
        command.args(["--quiet", "--package", &package, &kind, &name]);
        built.run(command, interrupts)?;
    }
    Ok(built)
}

/// Whether only cargo itself may start programs: a configured runner stands between.
pub(crate) fn cargo_must_start(config: &Config) -> bool {
    config.has_runner || config.is_uncertain
}

impl Built {
    /// The program of a target.
    pub(crate) fn executable(&self, target: &Target) -> Option<PathBuf> {
        let own = |artifact: &&Artifact| {
            artifact.package_id.repr == target.package_id
                && artifact.target.name == target.name
                && artifact.executable.is_some()
                && is_of_kind(artifact, target.kind)
        };
        self.artifacts.iter().rev().find(own)?.executable.clone().map(Into::into)
    }

    /// The folder of a package.
    pub(crate) fn folder(&self, package: &PackageId) -> Option<PathBuf> {
        let own = self.artifacts.iter().find(|artifact| artifact.package_id == *package)?;
        own.manifest_path.parent().map(Into::into)
    }

    /// How cargo starts a program of this kind.
    pub(crate) fn start(&self, program: &Path, kind: Kind, config: &Config) -> Option<HandedOver> {
        let handed = self.handed.iter().rev().find(|handed| handed.path() == program)?;
        let variables = self.kept(handed, config);
        let is_here = std::env::current_dir().is_ok_and(|here| here.as_os_str() == handed.dir);
        Some(HandedOver {
            path: program.to_owned(),
            name: if is_here { handed.program.clone().into() } else { handed.path() },
            // `cargo test` runs tests in their package, `cargo run` leaves the person's folder.
            dir: (kind == Kind::Test).then(|| handed.dir.clone().into()),
            variables: variables.map(|(name, value)| (name.to_owned(), value.into())).collect(),
        })
    }

    /// The variables whose own values decide what cargo hands over.
    pub(crate) fn variables(&self, config: &Config) -> BTreeSet<String> {
        let kept = self.handed.iter().flat_map(|handed| self.kept(handed, config));
        let names = kept.map(|(name, _)| name.to_owned()).filter(|name| !is_set_by_cargo(name));
        names.chain(config.variables.iter().cloned()).collect()
    }

    /// The folder of the toolchain that cargo used.
    pub(crate) fn toolchain(&self) -> Option<PathBuf> {
        let variables = self.handed.iter().flat_map(|handed| &handed.variables);
        let cargo = variables.into_iter().find(|(name, _)| name == "CARGO")?;
        Path::new(&cargo.1).parent().map(Path::to_owned)
    }

    /// What cargo set, also where `mtrun` happens to have the same value now.
    fn kept<'b>(
        &'b self,
        handed: &'b Handed,
        config: &'b Config,
    ) -> impl Iterator<Item = (&'b str, &'b OsString)> {
        let text = |(name, value): &'b (OsString, OsString)| Some((name.to_str()?, value));
        handed.variables.iter().filter_map(text).filter(|(name, value)| {
            let by_script = |script: &BuildScript| script.env.iter().any(|(own, _)| own == name);
            let is_set = name.starts_with("CARGO")
                || *name == "OUT_DIR"
                || config.variables.contains(*name)
                || self.scripts.iter().any(by_script);
            let is_changed = std::env::var_os(name).as_ref() != Some(*value);
            (is_set || is_changed) && !may_be_made_absolute(name)
        })
    }

    /// Packages and names of the programs with the runner.
    fn runners(&self, kind: Kind) -> Vec<(String, String)> {
        let artifacts = self.artifacts.iter().filter(|made| is_of_kind(made, kind));
        let with_runner = artifacts.filter(|artifact| {
            let file = artifact.executable.as_ref();
            file.is_some_and(|file| Marker::is_in(file.as_std_path()))
        });
        let names = with_runner.map(|a| (a.package_id.repr.clone(), a.target.name.clone()));
        names.collect()
    }

    fn run(&mut self, mut command: Command, interrupts: &Interrupts) -> Result<(), LaunchError> {
        let started = interrupts.start(command.stdout(Stdio::piped()));
        let mut cargo = started.map_err(LaunchError::Cargo)?;
        let lines = cargo.stdout().map(BufReader::new).into_iter();
        for line in lines.flat_map(|lines| lines.split(b'\n').map_while(Result::ok)) {
            self.read(&line);
        }
        let status = cargo.wait().map_err(LaunchError::Cargo)?;
        if status.success() { Ok(()) } else { Err(LaunchError::Build) }
    }

    fn read(&mut self, line: &[u8]) {
        if let Some(handed) = Handed::parse(line) {
            return self.handed.extend(handed);
        }
        match serde_json::from_slice(line) {
            Ok(Message::CompilerArtifact(artifact)) => self.artifacts.push(artifact),
            Ok(Message::BuildScriptExecuted(script)) => self.scripts.push(script),
            Ok(Message::CompilerMessage(message)) => eprint!("{message}"),
            Ok(_) => {}
            // What a build prints besides messages is for the person who builds.
            Err(_) => eprintln!("{}", String::from_utf8_lossy(line)),
        }
    }
}

fn is_of_kind(artifact: &Artifact, kind: Kind) -> bool {
    artifact.target.kind.contains(&match kind {
        Kind::Test => TargetKind::Test,
        Kind::Example => TargetKind::Example,
        Kind::Bin => TargetKind::Bin,
    })
}
