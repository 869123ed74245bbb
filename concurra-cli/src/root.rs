//! What `concurra::main!` knows of the target that it stands in.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::options::parse_duration;

/// The target that `concurra::main!` stands in, and its settings.
#[derive(Clone, Copy, Debug)]
pub struct Root {
    /// `module_path!()` at `main!`.
    pub module: &'static str,
    /// `option_env!("CARGO_BIN_NAME")`: set in binaries and examples.
    pub binary: Option<&'static str>,
    /// Tells targets of one name apart; see [`concurra_core::target`].
    pub target: Option<&'static str>,
    /// `option_env!("CARGO_PKG_NAME")`.
    pub package: Option<&'static str>,
    /// `file!()` at `main!`.
    pub file: &'static str,
    /// A module that is no part of tasks' names: `mtrun` puts a scratch file into one.
    pub hidden: Option<&'static str>,
    /// Tells `mtrun` what the executable is; see [`Root::MAIN_MARKER`].
    pub marker: &'static str,
    /// The settings given to `main!`.
    pub defaults: Defaults,
}

impl Root {
    /// Stands in the bytes of an executable whose `main` is the runner.
    pub const MAIN_MARKER: &str =
        concat!("concurra-runner:2:", env!("CARGO_PKG_VERSION"), ":main;");

    /// Stands in the bytes of an executable of libtest whose test `concurra` is the runner.
    pub const TEST_MARKER: &str =
        concat!("concurra-runner:2:", env!("CARGO_PKG_VERSION"), ":test;");

    /// The marker of a test executable; none in those of binaries and examples, whose test does
    /// nothing.
    #[must_use]
    pub const fn test_marker(binary: Option<&'static str>) -> &'static str {
        if binary.is_some() { "" } else { Self::TEST_MARKER }
    }

    /// Keeps the marker in the executable, whatever the optimiser thinks of it.
    pub fn keep_marker(&self) {
        std::hint::black_box(self.marker);
    }
}

/// What nextest sees as one test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NextestUnit {
    /// A connected set of tasks.
    #[default]
    Group,
    /// A task, with what it needs.
    Task,
}

/// The settings given to `concurra::main!`, checked when it is compiled.
///
/// ```
/// use concurra_cli::{Defaults, NextestUnit};
///
/// const DEFAULTS: Defaults = Defaults::new().workers(8).nextest("task").timeout("30s");
/// assert_eq!(DEFAULTS.get_nextest(), NextestUnit::Task);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    workers: Option<NonZeroUsize>,
    nextest: NextestUnit,
    retries: Option<u32>,
    timeout: Option<Duration>,
    secret: &'static [&'static str],
}

impl Defaults {
    /// No setting is given.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            workers: None,
            nextest: NextestUnit::Group,
            retries: None,
            timeout: None,
            secret: &[],
        }
    }

    /// How many tasks run at a time.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub const fn workers(mut self, workers: usize) -> Self {
        assert!(workers > 0, "`workers` must be at least 1");
        self.workers = NonZeroUsize::new(workers);
        self
    }

    /// What nextest sees as one test: `"group"` or `"task"`.
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

    /// How often tasks that say nothing of it are tried again when they fail.
    #[must_use]
    pub const fn retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// How long each attempt of tasks that say nothing of it may take, as in `"1m 30s"`.
    ///
    /// # Panics
    /// If it is no duration, or zero.
    #[must_use]
    #[track_caller]
    pub const fn timeout(mut self, text: &str) -> Self {
        let Ok(timeout) = parse_duration(text) else {
            panic!("`timeout` must be a duration such as \"500ms\", \"30s\" or \"1m 30s\"")
        };
        assert!(
            !timeout.is_zero(),
            "`timeout` must be longer than zero; leave it out for no limit"
        );
        self.timeout = Some(timeout);
        self
    }

    /// Parameters whose values appear as `***`.
    #[must_use]
    pub const fn secret(mut self, names: &'static [&'static str]) -> Self {
        self.secret = names;
        self
    }

    /// How many tasks run at a time; `None`: as many as there are cores.
    #[must_use]
    pub const fn get_workers(&self) -> Option<NonZeroUsize> {
        self.workers
    }

    /// What nextest sees as one test.
    #[must_use]
    pub const fn get_nextest(&self) -> NextestUnit {
        self.nextest
    }

    /// How often tasks are tried again; `None`: never.
    #[must_use]
    pub const fn get_retries(&self) -> Option<u32> {
        self.retries
    }

    /// How long each attempt may take; `None`: as long as it likes.
    #[must_use]
    pub const fn get_timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Parameters whose values appear as `***`.
    #[must_use]
    pub const fn get_secret(&self) -> &'static [&'static str] {
        self.secret
    }
}
