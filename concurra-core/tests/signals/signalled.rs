//! A test that runs again in another process, which receives signals.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

/// Tells a test that it is to run until it is signalled.
pub(crate) const INSIDE: &str = "CONCURRA_TEST_INSIDE";

/// A process whose run receives signals.
pub(crate) struct Signalled {
    pub(crate) child: Child,
    /// Stays open, so that the process can write.
    stdout: BufReader<ChildStdout>,
}

impl Signalled {
    /// Starts this test alone in another process and waits until its tasks run.
    pub(crate) fn start(test: &str) -> Self {
        Self::start_after("", test)
    }

    /// Starts it from a shell that did something before.
    pub(crate) fn start_after(before: &str, test: &str) -> Self {
        Self::start_with_line(before, test).0
    }

    /// As `start`; returns the line that the process prints once its tasks run.
    pub(crate) fn start_with_line(before: &str, test: &str) -> (Self, String) {
        // A script's background job inherits that SIGINT is ignored, and would test that instead.
        let mut shell = Command::new("env");
        if cfg!(target_os = "linux") {
            shell.arg("--default-signal=INT,HUP");
        }
        shell.arg("sh").args(["-c", &format!(r#"{before} exec "$0" "$1" --exact --nocapture"#)]);
        shell.arg(env::current_exe().expect("a path")).arg(test);
        shell.env(INSIDE, "yes").stdout(Stdio::piped());
        let mut child = shell.spawn().expect("this test runs again");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut signalled = Self { child, stdout };
        let line = signalled.wait_for_line("it runs");
        (signalled, line)
    }

    /// Waits for the next line of the process.
    pub(crate) fn wait_for_line(&mut self, words: &str) -> String {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            let read = self.stdout.read_line(&mut line).expect("the process prints a line");
            assert!(read > 0, "the process ended without saying {words:?}");
        }
        line
    }

    pub(crate) fn signal(&self, name: &str) {
        let number = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &number]).status().expect("`kill`");
        assert!(sent.success(), "{name} was not sent");
    }

    pub(crate) fn code(self) -> Option<i32> {
        self.end().code()
    }

    pub(crate) fn end(mut self) -> ExitStatus {
        self.child.wait().expect("it ends")
    }
}
