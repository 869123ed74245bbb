//! A target that may have the runner.

use std::path::PathBuf;

use cargo_metadata::TargetKind;
use serde::{Deserialize, Serialize};

/// A target that may have the runner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Target {
    /// The package's name.
    pub(crate) package: String,
    /// The package's id, unique in cargo's graph.
    pub(crate) package_id: String,
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// The root of its sources.
    pub(crate) source: PathBuf,
    /// Whether it runs among all targets of its kind.
    pub(crate) runs_by_default: bool,
    /// Without these features cargo leaves it out.
    pub(crate) required_features: Vec<String>,
}

/// The kinds of targets, in the order in which `mtrun` looks up a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Kind {
    Test,
    Example,
    Bin,
}

impl Target {
    /// The name of its crate, as the compiler knows it.
    pub(crate) fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }
}

impl Kind {
    /// The kind of a target of cargo's; none when the runner cannot be in it.
    pub(crate) fn of(target: &cargo_metadata::Target) -> Option<Self> {
        target.kind.iter().find_map(|kind| match kind {
            TargetKind::Test => Some(Self::Test),
            TargetKind::Example => Some(Self::Example),
            TargetKind::Bin => Some(Self::Bin),
            _ => None,
        })
    }

    /// Cargo's name for the kind.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Example => "example",
            Self::Bin => "bin",
        }
    }

    /// The option of cargo that takes the name of a target.
    pub(crate) fn option(self) -> String {
        format!("--{}", self.as_str())
    }

    /// The subcommand of cargo that starts targets.
    pub(crate) const fn subcommand(self) -> &'static str {
        if matches!(self, Self::Test) { "test" } else { "run" }
    }
}

/// The targets with this name; tests win over examples, and examples over binaries.
pub(crate) fn named<'a>(name: &str, targets: &[&'a Target]) -> Vec<&'a Target> {
    let named = targets.iter().copied().filter(|target| target.name == name);
    let kind = named.clone().map(|target| target.kind).min();
    named.filter(|target| Some(target.kind) == kind).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;

    use super::*;

    pub(crate) fn target(kind: Kind, package: &str, source: &str) -> Target {
        let source = PathBuf::from(source);
        let stem = source.file_stem().expect("a file").to_string_lossy().into_owned();
        let parent = source.parent().and_then(Path::file_name).expect("a folder");
        let name = if stem == "main" { parent.to_string_lossy().into_owned() } else { stem };
        let package = package.to_owned();
        let (package_id, required_features) = (package.clone(), Vec::new());
        let runs_by_default = true;
        Target { package_id, package, kind, name, source, runs_by_default, required_features }
    }

    #[test]
    fn a_test_comes_before_an_example_and_an_example_before_a_binary() {
        let targets = [
            target(Kind::Bin, "shop", "/w/src/bin/orders.rs"),
            target(Kind::Example, "shop", "/w/examples/tour.rs"),
            target(Kind::Test, "shop", "/w/tests/orders.rs"),
            target(Kind::Test, "shop", "/w/tests/stock.rs"),
            target(Kind::Test, "mail", "/w/mail/tests/stock.rs"),
        ];
        let all = targets.iter().collect::<Vec<_>>();
        assert_eq!(named("orders", &all), [&targets[2]]);
        assert_eq!(named("tour", &all), [&targets[1]]);
        assert_eq!(named("stock", &all), [&targets[3], &targets[4]]);
        assert!(named("order", &all).is_empty());
    }
}
