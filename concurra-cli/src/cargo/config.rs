//! The parts of cargo's configuration that no command of cargo prints.

use std::collections::BTreeSet;
use std::io::ErrorKind::NotFound;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item};

/// The contents of the configuration files, as far as `mtrun` needs them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// The files that count, whether they exist or not.
    pub(crate) files: Vec<PathBuf>,
    /// Only cargo itself may start programs, because it may have a runner for them: one is
    /// configured, or `mtrun` cannot know all of the configuration.
    pub(crate) cargo_must_start: bool,
    /// The variables in `[env]`.
    pub(crate) variables: BTreeSet<String>,
}

impl Config {
    /// Reads the files that count in a folder, and looks for the variables that configure runners.
    pub(crate) fn read(dir: &Path, base: &Path) -> Self {
        let home = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty());
        let home = home.map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
        let folders = dir.ancestors().map(|folder| folder.join(".cargo"));
        let mut config = Self::default();
        for folder in folders.chain(home.map(|home| base.join(home))) {
            for file in ["config", "config.toml"].map(|name| folder.join(name)) {
                config.add(&file);
                config.files.push(file);
            }
        }
        let is_runner = |name: &str| name.starts_with("CARGO_TARGET_") && name.ends_with("_RUNNER");
        config.cargo_must_start |=
            std::env::vars_os().any(|(name, _)| name.to_str().is_some_and(is_runner));
        config
    }

    fn add(&mut self, file: &Path) {
        let text = std::fs::read_to_string(file);
        if text.as_ref().is_err_and(|error| error.kind() == NotFound) {
            return;
        }
        let Some(config) = text.ok().and_then(|text| text.parse::<DocumentMut>().ok()) else {
            self.cargo_must_start = true;
            return;
        };
        let mut platforms = entries(&config, "target");
        let has_runner = platforms.any(|(_, platform)| platform.get("runner").is_some());
        let has_compiler = entries(&config, "build").any(|(name, _)| name == "rustc");
        // `mtrun` follows no included files and asks no other compiler.
        self.cargo_must_start |= has_runner || has_compiler || config.contains_key("include");
        self.variables.extend(entries(&config, "env").map(|(name, _)| name.to_owned()));
    }
}

fn entries<'c>(
    config: &'c DocumentMut,
    section: &str,
) -> impl Iterator<Item = (&'c str, &'c Item)> {
    let section = config.get(section).and_then(Item::as_table_like);
    section.into_iter().flat_map(|section| section.iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.toml");
        std::fs::write(&file, text).expect("a file");
        let mut config = Config::default();
        config.add(&file);
        config
    }

    #[test]
    fn every_way_to_write_a_runner() {
        for text in [
            "[target.x86_64-unknown-linux-gnu]\nrunner = 'sudo'",
            "[target.'cfg(unix)']\nrunner = ['a', 'b']",
            "target.'cfg(unix)'.runner = 'a'",
            "target = { 'cfg(unix)' = { runner = 'a' } }",
        ] {
            assert!(config(text).cargo_must_start, "{text}");
        }
        assert!(!config("# [target.a]\n# runner = 'a'\n[target.a]\nlinker = 'x'").cargo_must_start);
    }

    #[test]
    fn variables_and_what_mtrun_cannot_follow() {
        let variables = config("env.A = 'a'\n[env.B]\nvalue = 'b'\nforce = true\n").variables;
        assert_eq!(variables.iter().collect::<Vec<_>>(), ["A", "B"]);
        for text in ["include = 'a.toml'", "'include' = ['a']", "build.rustc = 'x'", "not toml"] {
            assert!(config(text).cargo_must_start, "{text}");
        }
        assert!(!config("[build]\njobs = 2\n[net]\n'#include' = 1").cargo_must_start);
    }

    #[test]
    fn a_missing_file_changes_nothing() {
        let mut config = Config::default();
        config.add(Path::new("/nowhere/config.toml"));
        assert_eq!(config, Config::default());
    }
}
