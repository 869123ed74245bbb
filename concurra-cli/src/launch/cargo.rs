//! How cargo is called: which one, where, and for which manifest.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::options::CargoOptions;

/// How cargo is called for one workspace.
#[derive(Clone, Debug)]
pub(super) struct Cargo {
    pub(super) program: PathBuf,
    /// Where it runs: its configuration and the toolchain are looked up from there.
    pub(super) dir: PathBuf,
    pub(super) manifest: PathBuf,
    pub(super) options: CargoOptions,
}

impl Cargo {
    /// Cargo runs where the person is, if that is inside the manifest's folder, else in that folder:
    /// the configuration that lies beside the manifest must count from wherever a file is named.
    pub(super) fn new(manifest: PathBuf, base: &Path, options: &CargoOptions) -> Self {
        let folder = manifest.parent().unwrap_or(base);
        let dir = if base.starts_with(folder) { base } else { folder }.to_owned();
        Self::in_folder(dir, manifest, options)
    }

    /// Cargo runs in the folder of the hidden package, whose configuration is ours.
    pub(super) fn hidden(manifest: PathBuf, options: &CargoOptions) -> Self {
        let dir = manifest.parent().map(Path::to_owned).unwrap_or_default();
        Self::in_folder(dir, manifest, options)
    }

    fn in_folder(dir: PathBuf, manifest: PathBuf, options: &CargoOptions) -> Self {
        let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()).into();
        Self { program, dir, manifest, options: options.clone() }
    }

    /// `cargo SUBCOMMAND` with the options that the person gave.
    pub(super) fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.dir).arg(subcommand);
        command.arg("--manifest-path").arg(&self.manifest).args(&self.options.build);
        command
    }
}

/// The manifest that cargo would find from the folder.
pub(super) fn manifest_above(dir: &Path) -> Option<PathBuf> {
    dir.ancestors().map(|dir| dir.join("Cargo.toml")).find(|manifest| manifest.is_file())
}
