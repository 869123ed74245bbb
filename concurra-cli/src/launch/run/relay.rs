//! Passes on what a target with libtest's `main` prints, without libtest's own head.

use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::process::ChildStdout;
use std::thread::JoinHandle;

/// What libtest prints before its only test runs.
const LIBTEST_HEAD: &[u8] = b"\nrunning 1 test\n";

/// A thread that reads what a child prints.
#[derive(Debug)]
pub(crate) struct Relay {
    thread: JoinHandle<io::Result<()>>,
    /// Closed when the child has ended. What the child started may live on and keep the output
    /// open, which is no reason to wait.
    ended: Option<UnixStream>,
}

impl Relay {
    pub(crate) fn start(stdout: ChildStdout) -> Self {
        let (ended, end) = UnixStream::pair().ok().unzip();
        let thread =
            std::thread::spawn(move || pass_on(Printed { stdout, end }, &mut io::stdout()));
        Self { thread, ended }
    }

    /// Passes on what is still there; to be called when the child has ended. Gives what kept the
    /// output from being written; a reader that left before the end is no error.
    pub(crate) fn end(self) -> Option<io::Error> {
        drop(self.ended);
        let passed = self.thread.join().unwrap_or(Ok(()));
        passed.err().filter(|error| error.kind() != io::ErrorKind::BrokenPipe)
    }
}

/// What the child prints, until it has ended and nothing is left.
struct Printed {
    stdout: ChildStdout,
    end: Option<UnixStream>,
}

impl Read for Printed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(end) = &self.end {
            let [printed, _] = wait_for([self.stdout.as_raw_fd(), end.as_raw_fd()])?;
            if !printed {
                return Ok(0);
            }
        }
        self.stdout.read(buffer)
    }
}

/// Waits until one of them can be read or is closed; tells which.
fn wait_for(files: [RawFd; 2]) -> io::Result<[bool; 2]> {
    let mut polled = files.map(|fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 });
    loop {
        // SAFETY: the pointer and the length are those of one array, which outlives the call.
        let count = unsafe { libc::poll(polled.as_mut_ptr(), 2, -1) };
        if count >= 0 {
            return Ok(polled.map(|file| file.revents != 0));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

fn pass_on(mut from: impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut head = Vec::new();
    let mut buffer = [0; 16 * 1024];
    let mut broken = None;
    loop {
        let count = from.read(&mut buffer)?;
        let mut bytes = &buffer[..count];
        if head.len() < LIBTEST_HEAD.len() {
            let taken = (LIBTEST_HEAD.len() - head.len()).min(bytes.len());
            head.extend(&bytes[..taken]);
            bytes = &bytes[taken..];
            let whole = head.len() == LIBTEST_HEAD.len() || count == 0;
            if whole && head != LIBTEST_HEAD {
                broken = broken.or(to.write_all(&head).err());
            }
        }
        // The reader must be drained also when nobody listens, or the runner would wait for ever.
        if broken.is_none() {
            broken = to.write_all(bytes).and_then(|()| to.flush()).err();
        }
        if count == 0 {
            return broken.map_or(Ok(()), Err);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn passed(text: &str) -> String {
        let mut out = Vec::new();
        pass_on(text.as_bytes(), &mut out).expect("no error");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn the_head_of_libtest_is_dropped_and_nothing_else() {
        assert_eq!(passed("\nrunning 1 test\nPASS a\n"), "PASS a\n");
        assert_eq!(passed("\nrunning 2 tests\n"), "\nrunning 2 tests\n");
        assert_eq!(passed("x"), "x");
        assert_eq!(passed(""), "");
    }

    #[test]
    fn what_the_child_started_may_keep_the_output_open() {
        // The shell waits for us, so that it is still there when its own child is known.
        let mut child = Command::new("sh")
            .args(["-c", "sleep 1000 & echo $!; read line"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let stdout = child.stdout.take().expect("a pipe");
        let (ended, end) = UnixStream::pair().expect("a pair");
        let mut out = Vec::new();
        drop(child.stdin.take());
        child.wait().expect("an end");
        drop(ended);
        pass_on(Printed { stdout, end: Some(end) }, &mut out).expect("no error");
        let sleeper = String::from_utf8(out).expect("text");
        let killed = Command::new("kill").arg(sleeper.trim()).status().expect("kill");
        assert!(killed.success(), "{sleeper:?} lived on");
    }
}
