//! What options depend on besides their text: a folder and the environment.

use std::ffi::OsString;
use std::path::Path;

use super::params::variable_not_unicode;

/// What options depend on besides their text: a folder and the environment.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The folder that relative paths start from.
    pub base: &'a Path,
    /// Reads an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
}

impl<'a> Surroundings<'a> {
    /// This process's environment, with relative paths from `base`.
    #[must_use]
    pub fn of_process(base: &'a Path) -> Self {
        Self { base, variable: &|name| std::env::var_os(name) }
    }

    /// The variable's value; one that is empty counts as absent.
    pub(super) fn set(&self, name: &str) -> Option<OsString> {
        (self.variable)(name).filter(|value| !value.is_empty())
    }

    /// The variable's value as a text.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, String> {
        let text = self.set(name).map(OsString::into_string).transpose();
        text.map_err(|_| variable_not_unicode(name))
    }
}
