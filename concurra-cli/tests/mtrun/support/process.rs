//! An `mtrun` in the middle of a run.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(120);

/// A run of the fixture target `slow`, whose task `waits` waits for a gate.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
    seen: Vec<String>,
    gate: Gate,
}

/// The file that `waits` waits for.
pub(crate) struct Gate {
    folder: TempDir,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("gate")
    }

    pub(crate) fn argument(&self) -> String {
        format!("--gate={}", self.path().display())
    }

    pub(crate) fn open(&self) {
        std::fs::write(self.path(), "").expect("a file");
    }

    /// Waits until the task waits; gives the process that it is in.
    pub(crate) fn reached(&self) -> i32 {
        let note = self.folder.path().join("gate.running");
        let text = until(|| std::fs::read_to_string(&note).ok());
        text.parse().expect("the number of a process")
    }
}

impl Drop for Running {
    /// Leaves no process behind when a test fails.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            // SAFETY: kill(2) reads and writes no memory of ours.
            unsafe { libc::kill(self.gate.reached(), libc::SIGKILL) };
        }
    }
}

impl Running {
    /// Starts a command that ends in `mtrun slow`, and waits until the task waits.
    pub(crate) fn start(make: impl FnOnce(&Gate) -> Command) -> Self {
        let gate = Gate::new();
        let mut command = make(&gate);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let stdout = child.stdout.take().expect("a pipe");
        let lines = lines_of(stdout);
        let errors = lines_of(child.stderr.take().expect("a pipe"));
        gate.reached();
        Self { child, lines, errors, seen: Vec::new(), gate }
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// `mtrun`'s process.
    pub(crate) fn process(&self) -> i32 {
        i32::try_from(self.child.id()).expect("a process")
    }

    pub(crate) fn signal(&self, signal: i32) {
        send(self.process(), signal);
    }

    /// Waits until a line with the text was printed.
    #[track_caller]
    pub(crate) fn prints(&mut self, text: &str) {
        while !self.seen.iter().any(|line| line.contains(text)) {
            match self.lines.recv_timeout(LONG) {
                Ok(line) => self.seen.push(line),
                Err(error) => panic!("no {text:?} ({error}) in:\n{}", self.seen.join("\n")),
            }
        }
    }

    /// Waits for the end of `mtrun` and of all output; gives the exit code and all that was printed.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("an end");
        for printed in [&self.lines, &self.errors] {
            while let Ok(line) = printed.recv_timeout(LONG) {
                self.seen.push(line);
            }
        }
        (status.code(), self.seen.join("\n"))
    }
}

/// Lines as they come, until the last writer has closed the pipe.
pub(crate) fn lines_of(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

pub(crate) fn send(process: i32, signal: i32) {
    // SAFETY: kill(2) reads and writes no memory of ours.
    let sent = unsafe { libc::kill(process, signal) };
    assert_eq!(sent, 0, "{}", std::io::Error::last_os_error());
}

/// Waits until something is there.
#[track_caller]
pub(crate) fn until<T>(mut there: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = there() {
            return value;
        }
        assert!(start.elapsed() < LONG, "it did not come");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// Whether a process is there and no zombie.
pub(crate) fn is_alive(process: i32) -> bool {
    let stat = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}
