//! How cargo is called: which one, where, and for which manifest.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::target::{Kind, Target};
use crate::options::CargoOptions;
use crate::report::quoted;

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

    /// What a person in `base` types to run a target without `mtrun`; `several` when the workspace
    /// has other packages, in which the name may stand for something else.
    pub(super) fn command_line(&self, target: &Target, several: bool, base: &Path) -> String {
        let subcommand = if target.kind == Kind::Test { "test" } else { "run" };
        let mut words: Vec<OsString> = vec!["cargo".into(), subcommand.into()];
        if manifest_above(base).as_ref() != Some(&self.manifest) {
            words.extend(["--manifest-path".into(), self.manifest.clone().into()]);
        }
        if several {
            words.extend(["-p".into(), target.package.clone().into()]);
        }
        words.extend(self.options.build.iter().cloned());
        words.extend([format!("--{}", target.kind.as_str()).into(), target.name.clone().into()]);
        words.iter().map(quoted).collect::<Vec<_>>().join(" ")
    }
}

/// The manifest that cargo would find from the folder.
pub(super) fn manifest_above(dir: &Path) -> Option<PathBuf> {
    dir.ancestors().map(|dir| dir.join("Cargo.toml")).find(|manifest| manifest.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command_line(kind: Kind, build: &[&str], several: bool, base: &Path) -> String {
        let build = build.iter().map(OsString::from).collect();
        let options = CargoOptions { build, ..CargoOptions::default() };
        let manifest = manifest_above(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a manifest");
        let target = Target {
            package: "shop".to_owned(),
            package_id: "path+file:///w#shop@1.0.0".to_owned(),
            kind,
            name: "own".to_owned(),
            source: PathBuf::from("/w/own.rs"),
        };
        Cargo::new(manifest, base, &options).command_line(&target, several, base)
    }

    #[test]
    fn the_command_without_mtrun() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let line = |kind| command_line(kind, &[], false, here);
        assert_eq!(line(Kind::Example), "cargo run --example own");
        assert_eq!(line(Kind::Bin), "cargo run --bin own");
        assert_eq!(line(Kind::Test), "cargo test --test own");
        let several = command_line(Kind::Example, &["--features=a b"], true, &here.join("src"));
        assert_eq!(several, "cargo run -p shop '--features=a b' --example own");
        let away = command_line(Kind::Bin, &[], false, Path::new("/"));
        let manifest = here.join("Cargo.toml").display().to_string();
        assert_eq!(away, format!("cargo run --manifest-path {} --bin own", quoted(&manifest)));
    }
}
