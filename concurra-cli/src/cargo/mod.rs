//! How `mtrun` calls cargo: which program, in which folder, and for which manifest.

mod config;
mod environment;

use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use config::Config;
use environment::read_by_cargo;
pub(crate) use environment::{PATHS, find_program, is_set_by_cargo, variable};

use crate::options::CargoOptions;
use crate::supervise::{Interrupts, VERSION};

/// How `mtrun` calls cargo for one workspace.
#[derive(Clone, Debug)]
pub(crate) struct Cargo {
    pub(crate) program: PathBuf,
    /// Where cargo runs: it looks up its configuration and the toolchain from there.
    pub(crate) dir: PathBuf,
    pub(crate) manifest: PathBuf,
    pub(crate) options: CargoOptions,
    /// Where the person called `mtrun`: relative variables count from there.
    pub(crate) base: PathBuf,
    /// The target folder, unless the person chooses one.
    pub(crate) target: Option<PathBuf>,
    /// Starts cargo, so that a signal to `mtrun` reaches it.
    pub(crate) interrupts: Interrupts,
}

impl Cargo {
    /// Cargo as the person calls it in `base`; the caller sets the manifest.
    pub(crate) fn new(base: &Path, options: &CargoOptions, interrupts: &Interrupts) -> Self {
        let program = std::env::var_os("CARGO").filter(|program| !program.is_empty());
        let program = PathBuf::from(program.unwrap_or_else(|| "cargo".into()));
        Self {
            program: find_program(&program).unwrap_or(program),
            dir: base.to_owned(),
            manifest: PathBuf::new(),
            options: options.clone(),
            base: base.to_owned(),
            target: None,
            interrupts: interrupts.clone(),
        }
    }

    /// `cargo SUBCOMMAND` for the manifest, with `before` in front of the subcommand.
    pub(crate) fn command(&self, before: &[String], subcommand: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.dir).args(before);
        if let Some(target) = self.target.as_ref().filter(|_| !chooses_target()) {
            let target = toml_edit::Value::from(target.display().to_string());
            command.args(["--config", &format!("build.target-dir={target}")]);
        }
        command.arg(subcommand).arg("--manifest-path").arg(&self.manifest);
        for (name, _) in std::env::vars_os() {
            // Variables that an outer cargo set for `mtrun` would seem to be set for the target.
            if name.to_str().is_some_and(is_set_by_cargo) {
                command.env_remove(name);
            }
        }
        if self.dir != self.base {
            command.envs(environment::absolute_paths(&self.base));
        }
        command
    }

    /// `cargo SUBCOMMAND` that builds, with the person's options for the build.
    pub(crate) fn build_command(&self, before: &[String], subcommand: &str) -> Command {
        let mut command = self.command(before, subcommand);
        command.args(&self.options.build);
        command
    }

    /// The person's choice of packages, in cargo's words.
    pub(crate) fn selection(&self) -> Vec<String> {
        let CargoOptions { packages, workspace, exclude, .. } = &self.options;
        let option = |name: &'static str| move |spec: &String| [name.to_owned(), spec.clone()];
        let packages = packages.iter().flat_map(option("--package"));
        let workspace = workspace.then(|| "--workspace".to_owned());
        packages.chain(workspace).chain(exclude.iter().flat_map(option("--exclude"))).collect()
    }

    /// Everything in which two calls may differ.
    pub(crate) fn identity(&self) -> String {
        let Self { program, dir, manifest, options, base, .. } = self;
        format!("{:?}", (VERSION, [program, dir, manifest, base], options, read_by_cargo()))
    }
}

/// Whether a variable chooses the target folder; an option wins over both.
fn chooses_target() -> bool {
    let names = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"];
    names.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
