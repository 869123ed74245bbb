//! Builds targets with cargo and keeps what its messages say.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use cargo_metadata::{Artifact, BuildScript, Message, TargetKind};

use super::cargo::Cargo;
use super::error::LaunchError;
use super::interrupt::Interrupts;
use super::target::{Kind, Target};

/// What is to be built.
#[derive(Debug)]
pub(super) enum Wish<'a> {
    /// All targets of these kinds.
    All(&'a [Kind]),
    /// These.
    These(Vec<&'a Target>),
}

/// What cargo said while it built.
#[derive(Debug)]
pub(super) struct Built {
    /// When cargo was started.
    pub(super) started: SystemTime,
    pub(super) artifacts: Vec<Artifact>,
    pub(super) scripts: Vec<BuildScript>,
}

impl Built {
    /// The executable of a target.
    pub(super) fn executable(&self, target: &Target) -> Option<PathBuf> {
        let artifact = self.artifacts.iter().find(|artifact| is_of(artifact, target))?;
        artifact.executable.clone().map(Into::into)
    }

    /// What cargo sets for a run besides what the manifest says: the package's binaries for its
    /// tests, and what its build script gave.
    pub(super) fn variables(&self, target: &Target) -> BTreeMap<String, String> {
        let mut variables = BTreeMap::new();
        let own = |id: &cargo_metadata::PackageId| id.repr == target.package_id;
        if target.kind == Kind::Test {
            let bins = self.artifacts.iter().filter(|artifact| own(&artifact.package_id));
            for bin in bins.filter(|artifact| artifact.target.kind.contains(&TargetKind::Bin)) {
                if let Some(path) = &bin.executable {
                    variables
                        .insert(format!("CARGO_BIN_EXE_{}", bin.target.name), path.to_string());
                }
            }
        }
        for script in self.scripts.iter().filter(|script| own(&script.package_id)) {
            variables.insert("OUT_DIR".to_owned(), script.out_dir.to_string());
            variables.extend(script.env.iter().cloned());
        }
        variables
    }

    /// Where the dynamic linker must look as well: folders of build scripts inside the target
    /// folder, and the executable's own.
    pub(super) fn library_folders(&self, executable: &Path) -> Vec<PathBuf> {
        let linked = self.scripts.iter().flat_map(|script| &script.linked_paths);
        let linked = linked.map(|path| {
            let text = path.as_str();
            PathBuf::from(text.split_once('=').map_or(text, |(_, path)| path))
        });
        let outs = self.scripts.iter().map(|script| script.out_dir.as_std_path());
        let outs = outs.collect::<Vec<_>>();
        let inside = linked.filter(|path| outs.iter().any(|out| path.starts_with(out)));
        inside.chain(executable.parent().map(Path::to_owned)).collect()
    }
}

fn is_of(artifact: &Artifact, target: &Target) -> bool {
    let kind = match target.kind {
        Kind::Test => TargetKind::Test,
        Kind::Example => TargetKind::Example,
        Kind::Bin => TargetKind::Bin,
    };
    artifact.package_id.repr == target.package_id
        && artifact.target.name == target.name
        && artifact.target.kind.contains(&kind)
}

/// Builds; cargo's messages go to stderr.
pub(super) fn build(
    cargo: &Cargo,
    wish: &Wish<'_>,
    interrupts: &Interrupts,
) -> Result<Built, LaunchError> {
    let mut built =
        Built { started: SystemTime::now(), artifacts: Vec::new(), scripts: Vec::new() };
    for kind in Kind::ALL {
        if let Some(command) = command(cargo, wish, kind) {
            run(command, &mut built, interrupts)?;
        }
    }
    Ok(built)
}

/// The call of cargo for the wished targets of one kind.
fn command(cargo: &Cargo, wish: &Wish<'_>, kind: Kind) -> Option<Command> {
    let mut command = match kind {
        Kind::Test => cargo.command("test"),
        Kind::Example | Kind::Bin => cargo.command("build"),
    };
    if kind == Kind::Test {
        command.arg("--no-run");
    }
    command.arg("--message-format=json-render-diagnostics");
    match wish {
        Wish::All(kinds) => {
            kinds.contains(&kind).then_some(())?;
            choose_packages(&mut command, &cargo.options.packages);
            // The pattern passes over targets whose features are off; a name would be an error.
            command.arg(format!("--{}", kind.as_str())).arg("*");
        }
        Wish::These(targets) => {
            let targets = targets.iter().filter(|target| target.kind == kind).collect::<Vec<_>>();
            targets.first()?;
            for target in targets {
                command.arg("--package").arg(&target.package_id);
                command.arg(format!("--{}", kind.as_str())).arg(&target.name);
            }
        }
    }
    Some(command)
}

fn choose_packages(command: &mut Command, packages: &[String]) {
    if packages.is_empty() {
        command.arg("--workspace");
    }
    for package in packages {
        command.arg("--package").arg(package);
    }
}

fn run(
    mut command: Command,
    built: &mut Built,
    interrupts: &Interrupts,
) -> Result<(), LaunchError> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(LaunchError::Cargo)?;
    let watched = interrupts.watch_cargo(child.id());
    read_messages(&mut child, built);
    let status = child.wait().map_err(LaunchError::Cargo)?;
    drop(watched);
    if status.success() { Ok(()) } else { Err(LaunchError::Build) }
}

fn read_messages(child: &mut Child, built: &mut Built) {
    let Some(stdout) = child.stdout.take() else { return };
    for message in Message::parse_stream(BufReader::new(stdout)).map_while(Result::ok) {
        match message {
            Message::CompilerArtifact(artifact) => built.artifacts.push(artifact),
            Message::BuildScriptExecuted(script) => built.scripts.push(script),
            Message::CompilerMessage(message) => eprint!("{message}"),
            // What a build prints besides messages is for the person who builds.
            Message::TextLine(line) => eprintln!("{line}"),
            _ => {}
        }
    }
}
