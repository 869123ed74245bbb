//! Lets cargo build targets, and keeps what it prints and hands over.

mod hand_over;
mod request;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{Artifact, BuildScript, Message, PackageId};

pub(crate) use hand_over::{WORD as HAND_OVER, hand_over};
pub(crate) use request::{Request, exact};

use super::error::LaunchError;
use super::program::{HandedOver, Variable};
use super::targets::{Kind, Target};
use crate::cargo::{Cargo, Config, is_set_by_cargo, may_be_made_absolute};
use crate::marker::Marker;
use crate::supervise::Interrupts;

/// What cargo printed and handed over while it built.
#[derive(Debug, Default)]
pub(crate) struct Built {
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) scripts: Vec<BuildScript>,
    handed: Vec<HandedOver>,
}

/// Builds the requested targets; cargo's messages for people go to stderr. Cargo also hands over
/// the programs with the runner, unless the configuration has a runner of its own for programs.
pub(crate) fn build(
    cargo: &Cargo,
    config: &Config,
    request: &Request<'_>,
    interrupts: &Interrupts,
) -> Result<Built, LaunchError> {
    let mut built = Built::default();
    let handing = if config.cargo_must_start() { Vec::new() } else { hand_over::options()? };
    let mut command = match request.kind {
        Kind::Test => cargo.build_command(&handing, "test"),
        Kind::Example | Kind::Bin => cargo.build_command(&[], "build"),
    };
    if request.kind == Kind::Test {
        command.arg(if handing.is_empty() { "--no-run" } else { "--no-fail-fast" });
    }
    command.arg("--message-format=json-render-diagnostics").args(request.args());
    built.run(command, interrupts)?;
    if request.kind != Kind::Test && !handing.is_empty() {
        for (package, name) in built.runners(request.kind) {
            let mut command = cargo.build_command(&handing, "run");
            let kind = format!("--{}", request.kind.as_str());
            command.args(["--quiet", "--package", &package, &kind, &name]);
            built.run(command, interrupts)?;
        }
    }
    built.keep_variables_of_cargo(config);
    Ok(built)
}

impl Built {
    /// The program of a target.
    pub(crate) fn executable(&self, target: &Target) -> Option<PathBuf> {
        let own = |artifact: &&Artifact| {
            artifact.package_id.repr == target.package_id
                && artifact.target.name == target.name
                && artifact.executable.is_some()
                && Kind::of(&artifact.target) == Some(target.kind)
        };
        self.artifacts.iter().rev().find(own)?.executable.clone().map(Into::into)
    }

    /// The folder of a package.
    pub(crate) fn folder(&self, package: &PackageId) -> Option<PathBuf> {
        let own = self.artifacts.iter().find(|artifact| artifact.package_id == *package)?;
        own.manifest_path.parent().map(Into::into)
    }

    /// How cargo starts a program.
    pub(crate) fn start(&self, program: &Path) -> Option<HandedOver> {
        self.handed.iter().rev().find(|handed| handed.path() == program).cloned()
    }

    /// The variables whose own values decide what cargo hands over.
    pub(crate) fn variables(&self, config: &Config) -> BTreeSet<String> {
        let names = self.handed.iter().flat_map(|handed| &handed.variables);
        let names = names.map(|Variable(name, _)| name).filter(|name| !is_set_by_cargo(name));
        names.chain(&config.variables).cloned().collect()
    }

    /// The folder of the toolchain that cargo used.
    pub(crate) fn toolchain(&self) -> Option<PathBuf> {
        let mut variables = self.handed.iter().flat_map(|handed| &handed.variables);
        let Variable(_, cargo) = variables.find(|Variable(name, _)| name == "CARGO")?;
        Path::new(cargo).parent().map(Path::to_owned)
    }

    /// Drops the variables that cargo only passed on. Those that it set stay, also where `mtrun`
    /// happens to have the same value.
    fn keep_variables_of_cargo(&mut self, config: &Config) {
        let by_script = self.scripts.iter().flat_map(|script| &script.env);
        let by_script = by_script.map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>();
        for handed in &mut self.handed {
            handed.variables.retain(|Variable(name, value)| {
                let is_set = name.starts_with("CARGO")
                    || name == "OUT_DIR"
                    || config.variables.contains(name)
                    || by_script.contains(name.as_str())
                    || std::env::var_os(name).as_ref() != Some(value);
                is_set && !may_be_made_absolute(name)
            });
        }
    }

    /// Packages and names of the programs with the runner.
    fn runners(&self, kind: Kind) -> Vec<(String, String)> {
        let artifacts = self.artifacts.iter();
        let artifacts = artifacts.filter(|made| Kind::of(&made.target) == Some(kind));
        let with_runner = artifacts.filter(|artifact| {
            let file = artifact.executable.as_ref();
            file.is_some_and(|file| Marker::is_in(file.as_std_path()))
        });
        let names = with_runner.map(|a| (a.package_id.repr.clone(), a.target.name.clone()));
        names.collect()
    }

    fn run(&mut self, mut command: Command, interrupts: &Interrupts) -> Result<(), LaunchError> {
        let started = interrupts.start(command.stdout(Stdio::piped()), None);
        let mut cargo = started.map_err(LaunchError::Cargo)?;
        let lines = cargo.stdout().map(BufReader::new).into_iter();
        for line in lines.flat_map(|lines| lines.split(b'\n').map_while(Result::ok)) {
            self.read(&line);
        }
        let status = cargo.wait().map_err(LaunchError::Cargo)?;
        if status.success() { Ok(()) } else { Err(LaunchError::Build) }
    }

    fn read(&mut self, line: &[u8]) {
        if let Some(handed) = hand_over::parse(line) {
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
