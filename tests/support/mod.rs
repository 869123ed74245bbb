//! Runs cargo in a fixture package, as a user would.

use std::process::{Command, Output};

/// What a command printed and how it ended.
pub(crate) struct Ran {
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    fn new(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Checks the exit code; shows everything when it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "out:\n{}\nerr:\n{}", self.out, self.err);
        self
    }

    /// Checks that the output has these lines, in this order, perhaps with others between.
    #[track_caller]
    pub(crate) fn has(self, lines: &[&str]) -> Self {
        let mut rest = self.out.lines();
        for line in lines {
            assert!(
                rest.any(|seen| seen.trim_end() == *line),
                "no {line:?} in:\n{}\n{}",
                self.out,
                self.err
            );
        }
        self
    }

    /// Checks that the output does not have the text.
    #[track_caller]
    pub(crate) fn lacks(self, text: &str) -> Self {
        assert!(!self.out.contains(text), "{text:?} in:\n{}", self.out);
        self
    }

    /// Checks that the errors have the text.
    #[track_caller]
    pub(crate) fn complains(self, text: &str) -> Self {
        assert!(self.err.contains(text), "no {text:?} in:\n{}", self.err);
        self
    }
}

/// Runs cargo in `tests/fixtures/PACKAGE`. All fixtures share a target folder, so that they build
/// the library once.
pub(crate) fn cargo(package: &str, arguments: &[&str]) -> Ran {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .current_dir(format!("{root}/tests/fixtures/{package}"))
        .env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/fixtures"))
        .env("RUST_BACKTRACE", "0");
    for (name, _) in std::env::vars_os() {
        // What an outer cargo or nextest says of its own test is not for the inner one.
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("NEXTEST")
            || name.starts_with("CARGO_PKG")
            || name.starts_with("RUST_TEST")
        {
            command.env_remove(name);
        }
    }
    Ran::new(command.output().expect("cargo starts"))
}
