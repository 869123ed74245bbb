//! Lets cargo build targets, and keeps its messages and the programs that it hands over.

mod hand_over;
mod request;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{Artifact, BuildScript, Message, PackageId};

pub(crate) use hand_over::{WORD as HAND_OVER, hand_over};
pub(crate) use request::{Job, Request, exact};

use super::error::LaunchError;
use super::program::{HandedOver, Program, Variable};
use super::targets::{Kind, Target};
use crate::cargo::{Cargo, Config, PATHS, is_set_by_cargo};
use crate::marker::Marker;

/// The messages of a build, and the programs that cargo handed over.
#[derive(Debug, Default)]
pub(crate) struct Built {
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) scripts: Vec<BuildScript>,
    handed: Vec<HandedOver>,
    /// The configuration with which cargo built.
    pub(crate) config: Config,
}

/// Builds the requested targets; cargo's messages for people go to stderr. Cargo also hands over
/// the programs with the runner, unless the configuration has a runner for programs.
pub(crate) fn build(cargo: &Cargo, request: &Request<'_>) -> Result<Built, LaunchError> {
    let config = Config::read(&cargo.dir, &cargo.base);
    let handing = if config.cargo_must_start { Vec::new() } else { hand_over::options()? };
    let mut built = Built { config, ..Built::default() };
    let is_test = request.kind == Kind::Test;
    let (before, subcommand) = if is_test { (&*handing, "test") } else { (&[][..], "build") };
    let mut command = cargo.build_command(before, subcommand);
    command.arg("--message-format=json-render-diagnostics").args(request.args());
    if is_test {
        command.arg(if handing.is_empty() { "--no-run" } else { "--no-fail-fast" });
    }
    built.run(cargo, command)?;
    if !is_test && !handing.is_empty() {
        for target in built.with_runner(request.kind) {
            let mut command = cargo.build_command(&handing, "run");
            command.arg("--quiet").args(target);
            built.run(cargo, command)?;
        }
    }
    built.keep_variables_of_cargo();
    Ok(built)
}

impl Built {
    /// What cargo built of a target.
    pub(crate) fn artifact(&self, target: &Target) -> Option<&Artifact> {
        let is_own = |artifact: &&Artifact| {
            artifact.package_id.repr == target.package_id
                && artifact.target.name == target.name
                && artifact.executable.is_some()
                && Kind::of(&artifact.target) == Some(target.kind)
        };
        self.artifacts.iter().rev().find(is_own)
    }

    /// The program of a target, and how cargo starts it.
    pub(crate) fn program(&self, target: &Target) -> Program {
        let file =
            self.artifact(target).and_then(|made| made.executable.clone()).map(PathBuf::from);
        let is_started = |handed: &&HandedOver| Some(handed.path()) == file;
        let start = self.handed.iter().rev().find(is_started).cloned();
        Program::new(target.clone(), file, start)
    }

    /// The folder of a package.
    pub(crate) fn folder(&self, package: &PackageId) -> Option<PathBuf> {
        let own = self.artifacts.iter().find(|artifact| artifact.package_id == *package)?;
        own.manifest_path.parent().map(Into::into)
    }

    /// The variables of `mtrun` that decide what cargo hands over.
    pub(crate) fn variables(&self) -> BTreeSet<String> {
        let names = self.handed.iter().flat_map(|handed| &handed.variables);
        let names = names.map(|Variable(name, _)| name).filter(|name| !is_set_by_cargo(name));
        names.chain(&self.config.variables).cloned().collect()
    }

    /// The folder of the toolchain that cargo used.
    pub(crate) fn toolchain(&self) -> Option<PathBuf> {
        let mut variables = self.handed.iter().flat_map(|handed| &handed.variables);
        let Variable(_, cargo) = variables.find(|Variable(name, _)| name == "CARGO")?;
        Path::new(cargo).parent().map(Path::to_owned)
    }

    /// Drops the variables that cargo only passed on. Variables that cargo set stay, also where
    /// `mtrun` happens to have the same value.
    fn keep_variables_of_cargo(&mut self) {
        let by_script = self.scripts.iter().flat_map(|script| &script.env);
        let by_script = by_script.map(|(name, _)| name).collect::<BTreeSet<_>>();
        for handed in &mut self.handed {
            handed.variables.retain(|Variable(name, value)| {
                let is_set = name.starts_with("CARGO")
                    || name == "OUT_DIR"
                    || self.config.variables.contains(name)
                    || by_script.contains(name)
                    || std::env::var_os(name).as_ref() != Some(value);
                is_set && !PATHS.contains(&name.as_str())
            });
        }
    }

    /// The options with which `cargo run` chooses each program with the runner.
    fn with_runner(&self, kind: Kind) -> Vec<[String; 4]> {
        let of_kind = self.artifacts.iter().filter(|made| Kind::of(&made.target) == Some(kind));
        let with_runner = of_kind.filter_map(|made| {
            Marker::find(made.executable.as_ref()?.as_std_path(), "", "")?;
            let [package, name] = [&made.package_id.repr, &made.target.name].map(Clone::clone);
            Some(["--package".to_owned(), package, kind.option(), name])
        });
        with_runner.collect()
    }

    fn run(&mut self, cargo: &Cargo, mut command: Command) -> Result<(), LaunchError> {
        let started = cargo.interrupts.start(command.stdout(Stdio::piped()), None);
        let mut running = started.map_err(LaunchError::Cargo)?;
        let lines = running.stdout().map(BufReader::new).into_iter();
        for line in lines.flat_map(|lines| lines.split(b'\n').map_while(Result::ok)) {
            self.read(&line);
        }
        let status = running.wait().map_err(LaunchError::Cargo)?;
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
            // Any other output of a build is for the person who builds.
            Err(_) => eprintln!("{}", String::from_utf8_lossy(line)),
        }
    }
}
