//! Ctrl-C typed in a terminal, where the signal reaches `mtrun` and the runner.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::{Gate, command, flows};

const LONG: Duration = Duration::from_secs(120);
const CTRL_C: &[u8] = b"\x03";

/// A terminal with `mtrun slow` in it.
struct Terminal {
    master: File,
    child: Child,
    printed: Receiver<String>,
    seen: String,
    gate: Gate,
}

/// The two ends of a new terminal.
fn open() -> (File, OwnedFd) {
    let (mut master, mut slave) = (-1, -1);
    let none = std::ptr::null_mut();
    // SAFETY: openpty(3) writes the two descriptors, and takes null for all that is not wanted.
    let opened =
        unsafe { libc::openpty(&raw mut master, &raw mut slave, none, none.cast(), none.cast()) };
    assert_eq!(opened, 0, "{}", std::io::Error::last_os_error());
    // SAFETY: both are open and have no other owner.
    unsafe { (File::from_raw_fd(master), OwnedFd::from_raw_fd(slave)) }
}

/// Makes the terminal the one that the command's signals come from.
fn control(command: &mut Command) {
    // SAFETY: between fork and exec only system calls are made that may be made there.
    unsafe {
        command.pre_exec(|| {
            if libc::setsid() < 0 || libc::ioctl(0, libc::TIOCSCTTY, 0) < 0 {
                return Err(std::io::Error::last_os_error());
            }
            Ok(())
        });
    }
}

impl Terminal {
    fn start() -> Self {
        let (master, slave) = open();
        let gate = Gate::new();
        let mut command = command(&flows(), &["slow", &gate.argument(), "--grace=1h"]);
        let clone = || Stdio::from(slave.try_clone().expect("a descriptor"));
        command.stdin(clone()).stdout(clone()).stderr(clone());
        control(&mut command);
        let child = command.spawn().expect("mtrun starts");
        drop(command);
        drop(slave);
        let printed = read(master.try_clone().expect("a descriptor"));
        gate.reached();
        Self { master, child, printed, seen: String::new(), gate }
    }

    fn types(&mut self, keys: &[u8]) {
        self.master.write_all(keys).expect("typed");
    }

    fn prints(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let more = self.printed.recv_timeout(LONG);
            self.seen +=
                &more.unwrap_or_else(|error| panic!("no {text:?} ({error}) in {}", self.seen));
        }
    }

    fn end(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("an end");
        while let Ok(more) = self.printed.recv_timeout(LONG) {
            self.seen += &more;
        }
        (status.code(), self.seen)
    }
}

/// The output, until the last program has left the terminal.
fn read(mut master: File) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        // A terminal reports an error when no process has it open.
        while let Ok(count @ 1..) = master.read(&mut bytes) {
            let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
            if sender.send(text).is_err() {
                break;
            }
        }
    });
    receiver
}

#[test]
fn the_first_ctrl_c_counts_once_and_lets_tasks_finish() {
    let mut terminal = Terminal::start();
    terminal.types(CTRL_C);
    terminal.prints("nothing more starts");
    terminal.gate.open();
    let (code, out) = terminal.end();
    assert_eq!(code, Some(130), "{out}");
    assert!(out.contains("teardown ran"), "{out}");
    assert!(out.contains("2 passed, 1 cancelled in "), "{out}");
    assert!(!out.contains("never ran"), "{out}");
}

#[test]
fn the_second_ctrl_c_cancels_and_the_third_exits_at_once() {
    let mut terminal = Terminal::start();
    terminal.types(CTRL_C);
    terminal.prints("Ctrl-C again cancels them");
    terminal.types(CTRL_C);
    terminal.prints("Ctrl-C again exits at once");
    terminal.prints("for abandoned bodies that still run: ");
    terminal.types(CTRL_C);
    let (code, out) = terminal.end();
    assert_eq!(code, Some(130), "{out}");
    assert!(out.contains("did not run: teardown end"), "{out}");
}

#[test]
fn a_terminal_has_colours() {
    let terminal = Terminal::start();
    terminal.gate.open();
    let (code, out) = terminal.end();
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("\u{1b}["), "{out}");
}
