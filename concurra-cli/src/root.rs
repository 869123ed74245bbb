//! The target in which a user writes `concurra::main!`.

use std::time::Duration;

use concurra_core::Settings;

/// The target in which a user writes `concurra::main!`, and its settings.
#[derive(Clone, Debug)]
pub struct Root {
    /// `module_path!()` at `main!`.
    pub module: &'static str,
    /// `option_env!("CARGO_BIN_NAME")`: set in binaries and examples.
    pub binary: Option<&'static str>,
    /// Distinguishes targets of one name; see [`concurra_core::target`].
    pub target: Option<&'static str>,
    /// `option_env!("CARGO_PKG_NAME")`.
    pub package: Option<&'static str>,
    /// `file!()` at `main!`.
    pub file: &'static str,
    /// A module that is no part of tasks' names: `mtrun` puts a scratch file into one.
    pub hidden: Option<&'static str>,
    /// The bytes from which `mtrun` knows the program; see [`crate::marker`].
    pub marker: &'static [u8],
    /// The settings of `main!`.
    pub defaults: Defaults,
}

impl Root {
    /// The identity of the target in its marker.
    #[must_use]
    pub fn identity(&self) -> &'static str {
        let text = self.marker.strip_suffix(b"\0").and_then(|text| str::from_utf8(text).ok());
        text.and_then(|text| text.split_once('\n')).map_or("", |(_, identity)| identity)
    }

    /// Keeps the optimiser from leaving the marker out of the program.
    pub fn keep_marker(&self) {
        std::hint::black_box(self.marker);
    }
}

/// The unit that nextest sees as one test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NextestUnit {
    /// A connected set of tasks.
    #[default]
    Group,
    /// A task, with what it needs.
    Task,
}

/// The settings of `concurra::main!`, which the compiler checks.
///
/// ```
/// use concurra_cli::{Defaults, NextestUnit};
///
/// const DEFAULTS: Defaults = Defaults::new().workers(8).nextest("task").retries(2);
/// assert_eq!(DEFAULTS.nextest, NextestUnit::Task);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// How tasks run where the command line leaves it open.
    pub settings: Settings,
    /// The unit that nextest sees as one test.
    pub nextest: NextestUnit,
    /// Parameters whose values appear as `***`.
    pub secret: &'static [&'static str],
}

impl Defaults {
    /// No setting has a value.
    #[must_use]
    pub const fn new() -> Self {
        Self { settings: Settings::new(), nextest: NextestUnit::Group, secret: &[] }
    }

    /// How many tasks run at a time.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub const fn workers(mut self, workers: usize) -> Self {
        assert!(workers > 0, "`workers` must be at least 1");
        self.settings.workers = Some(workers);
        self
    }

    /// The unit that nextest sees as one test: `"group"` or `"task"`.
    ///
    /// # Panics
    /// If it is another word.
    #[must_use]
    #[track_caller]
    pub const fn nextest(mut self, unit: &str) -> Self {
        self.nextest = match unit.as_bytes() {
            b"group" => NextestUnit::Group,
            b"task" => NextestUnit::Task,
            _ => panic!("`nextest` must be \"task\" or \"group\""),
        };
        self
    }

    /// How often tasks without their own setting are tried again when they fail; `--retries` wins.
    #[must_use]
    pub const fn retries(mut self, retries: u32) -> Self {
        self.settings.retries = Some(retries);
        self
    }

    /// How long each attempt of tasks without their own timeout may take; `--timeout` wins.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Parameters whose values appear as `***`.
    ///
    /// # Panics
    /// If a name is empty, has blanks at its ends, or has control characters: no parameter has such a name.
    #[must_use]
    #[track_caller]
    pub const fn secret(mut self, names: &'static [&'static str]) -> Self {
        let mut at = 0;
        while at < names.len() {
            assert!(
                is_name(names[at]),
                "a name in `secret` is empty, or has blanks at its ends or control characters"
            );
            at += 1;
        }
        self.secret = names;
        self
    }
}

/// Whether `--set` could set a parameter of this name as it is.
const fn is_name(name: &str) -> bool {
    let mut bytes = name.as_bytes();
    if let [] | [b' ', ..] | [.., b' '] = bytes {
        return false;
    }
    while let [first, rest @ ..] = bytes {
        if first.is_ascii_control() {
            return false;
        }
        bytes = rest;
    }
    true
}
