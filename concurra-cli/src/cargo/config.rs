//! The parts of cargo's configuration that no command of cargo prints.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item};

/// The names of configuration files.
const NAMES: [&str; 2] = ["config", "config.toml"];

/// What the configuration files contain.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// The files that count, whether they are there or not.
    pub(crate) files: Vec<PathBuf>,
    /// A file could not be understood, so there may be more than is known here.
    pub(crate) is_uncertain: bool,
    /// A runner is configured: cargo must start the programs itself.
    pub(crate) has_runner: bool,
    /// The variables in `[env]`.
    pub(crate) variables: BTreeSet<String>,
}

impl Config {
    /// Reads the files that count in a folder, and looks at the variables that stand for runners.
    pub(crate) fn read(dir: &Path, base: &Path) -> Self {
        let home = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty());
        let home = home.map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
        let folders = dir.ancestors().map(|folder| folder.join(".cargo"));
        let mut config = Self::default();
        for folder in folders.chain(home.map(|home| base.join(home))) {
            for file in NAMES.map(|name| folder.join(name)) {
                config.add(&file);
                config.files.push(file);
            }
        }
        let is_runner = |name: &str| name.starts_with("CARGO_TARGET_") && name.ends_with("_RUNNER");
        config.has_runner |=
            std::env::vars_os().any(|(name, _)| name.to_str().is_some_and(is_runner));
        config
    }

    fn add(&mut self, file: &Path) {
        match std::fs::read_to_string(file) {
            Ok(text) => match text.parse::<DocumentMut>() {
                Ok(config) => self.add_table(config.as_item()),
                Err(_) => self.is_uncertain = true,
            },
            Err(error) => self.is_uncertain |= error.kind() != std::io::ErrorKind::NotFound,
        }
    }

    fn add_table(&mut self, config: &Item) {
        let has = |item: &Item, name: &str| {
            item.as_table_like().is_some_and(|table| table.contains_key(name))
        };
        // Included files and another compiler would have to be followed.
        self.is_uncertain |= has(config, "include");
        for (name, section) in entries(config) {
            match name {
                "build" => self.is_uncertain |= has(section, "rustc"),
                "env" => {
                    self.variables.extend(entries(section).map(|(name, _)| name.to_owned()));
                }
                "target" => {
                    let mut platforms = entries(section);
                    self.has_runner |= platforms.any(|(_, platform)| has(platform, "runner"));
                }
                _ => {}
            }
        }
    }

    /// Whether only cargo itself may start programs: a configured runner stands between.
    pub(crate) const fn cargo_must_start(&self) -> bool {
        self.has_runner || self.is_uncertain
    }
}

fn entries(item: &Item) -> impl Iterator<Item = (&str, &Item)> {
    item.as_table_like().into_iter().flat_map(|table| table.iter())
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
            assert!(config(text).has_runner, "{text}");
        }
        assert!(!config("# [target.a]\n# runner = 'a'\n[target.a]\nlinker = 'x'").has_runner);
    }

    #[test]
    fn variables_and_what_cannot_be_known() {
        let variables = config("env.A = 'a'\n[env.B]\nvalue = 'b'\nforce = true\n").variables;
        assert_eq!(variables.iter().collect::<Vec<_>>(), ["A", "B"]);
        for text in ["include = 'a.toml'", "'include' = ['a']", "build.rustc = 'x'", "not toml"] {
            assert!(config(text).is_uncertain, "{text}");
        }
        assert!(!config("[build]\njobs = 2\n[net]\n'#include' = 1").is_uncertain);
    }

    #[test]
    fn a_missing_file_changes_nothing() {
        let mut config = Config::default();
        config.add(Path::new("/nowhere/config.toml"));
        assert_eq!(config, Config::default());
    }
}
