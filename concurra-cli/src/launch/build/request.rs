//! What cargo is asked to build.

use crate::launch::targets::Kind;

/// Targets of one kind in the packages that `selection` chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) kind: Kind,
    /// Options that choose packages.
    pub(crate) selection: Vec<String>,
    /// Names of targets; those whose features are off are errors.
    pub(crate) names: Vec<String>,
    /// Cargo chooses: all that it would build by itself, without those whose features are off.
    pub(crate) is_open: bool,
}

impl Request {
    pub(super) fn args(&self) -> Vec<String> {
        let option = format!("--{}", self.kind.as_str());
        if self.is_open {
            return [self.selection.as_slice(), &[option + "s"]].concat();
        }
        let names = self.names.iter().flat_map(|name| [option.clone(), name.clone()]);
        self.selection.iter().cloned().chain(names).collect()
    }
}

/// The option that chooses exactly one package.
pub(crate) fn exact(package_id: &str) -> Vec<String> {
    vec!["--package".to_owned(), package_id.to_owned()]
}
