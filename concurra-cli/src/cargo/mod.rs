//! How `mtrun` calls cargo: which one, where, and for which manifest.

mod config;
mod environment;

use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use config::Config;
use environment::read_by_cargo;
pub(crate) use environment::{find_program, is_set_by_cargo, may_be_made_absolute, variable};

use crate::options::CargoOptions;
use crate::supervise::VERSION;

/// How `mtrun` calls cargo for one workspace.
#[derive(Clone, Debug)]
pub(crate) struct Cargo {
    pub(crate) program: PathBuf,
    /// Where it runs: its configuration and the toolchain are looked up from there.
    pub(crate) dir: PathBuf,
    pub(crate) manifest: PathBuf,
    pub(crate) options: CargoOptions,
    /// Where the person is: relative variables count from there.
    pub(crate) base: PathBuf,
    /// The target folder, unless the person chooses one.
    pub(crate) target: Option<PathBuf>,
}

impl Cargo {
    /// Cargo for a manifest, called in `dir`.
    pub(crate) fn new(manifest: PathBuf, dir: &Path, base: &Path, options: &CargoOptions) -> Self {
        let program = std::env::var_os("CARGO").filter(|program| !program.is_empty());
        let program = PathBuf::from(program.unwrap_or_else(|| "cargo".into()));
        let program = find_program(&program).unwrap_or(program);
        let (dir, base, options) = (dir.to_owned(), base.to_owned(), options.clone());
        Self { program, dir, manifest, options, base, target: None }
    }

    /// `cargo SUBCOMMAND` for the manifest, with the options before the subcommand.
    pub(crate) fn command(&self, before: &[String], subcommand: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.dir).args(before);
        if let Some(target) = self.target.as_ref().filter(|_| !chooses_target()) {
            let target = toml_edit::Value::from(target.display().to_string());
            command.args(["--config", &format!("build.target-dir={target}")]);
        }
        command.arg(subcommand);
        command.arg("--manifest-path").arg(&self.manifest);
        for (name, _) in std::env::vars_os() {
            // What an outer cargo set for `mtrun` itself would look like set for the target.
            if name.to_str().is_some_and(is_set_by_cargo) {
                command.env_remove(name);
            }
        }
        if self.dir != self.base {
            command.envs(environment::absolute_paths(&self.base));
        }
        command
    }

    /// `cargo SUBCOMMAND` that builds, with the options that the person gave.
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
    pub(crate) fn identity(&self) -> Vec<String> {
        let Self { program, dir, manifest, options, base, .. } = self;
        let paths = [program, dir, manifest, base].map(|path| format!("{path:?}"));
        let build = options.build.iter().map(|option| format!("{option:?}"));
        let packages = std::iter::once("packages".to_owned()).chain(self.selection());
        let variables = std::iter::once("variables".to_owned()).chain(read_by_cargo());
        let call = std::iter::once(VERSION.to_owned()).chain(paths).chain(build);
        call.chain(packages).chain(variables).collect()
    }

    /// Cargo's configuration in the folder of the call.
    pub(crate) fn config(&self) -> Config {
        Config::read(&self.dir, &self.base)
    }
}

/// Whether a variable chooses the target folder; an option wins over both.
fn chooses_target() -> bool {
    let names = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"];
    names.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
