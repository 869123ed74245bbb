//! What cargo is asked to build.

use crate::launch::targets::Kind;

/// Targets of one kind in the packages that `selection` chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) kind: Kind,
    /// Options that choose packages.
    pub(crate) selection: Vec<String>,
    /// Names of targets, or patterns.
    pub(crate) names: Vec<String>,
}

impl Request {
    pub(super) fn args(&self) -> Vec<String> {
        let option = format!("--{}", self.kind.as_str());
        let names = self.names.iter().flat_map(|name| [option.clone(), name.clone()]);
        self.selection.iter().cloned().chain(names).collect()
    }
}

/// The option that chooses exactly one package.
pub(crate) fn exact(package_id: &str) -> Vec<String> {
    vec!["--package".to_owned(), package_id.to_owned()]
}

/// A pattern that only this name matches. Cargo passes over targets whose features are off when a
/// pattern matches them; by their names they are errors.
pub(crate) fn pattern(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| format!("[{first}]")).unwrap_or_default();
    first + letters.as_str()
}
