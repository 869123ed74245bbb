//! Wires to shells. Somebody else always holds their end of the socket too, as a process does that
//! a task has forked, so that the death of the shell is not told by the socket.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::super::lines::message;
use super::{Unheard, Wire};
use crate::process::{Drain, End, Group};

struct Shell {
    child: Child,
    group: Arc<Group>,
    wire: Wire,
    _held: OwnedFd,
}

impl Shell {
    fn start(text: &str, end: fn(Arc<Group>) -> End) -> Self {
        let (ours, theirs) = UnixStream::pair().expect("a pair");
        ours.set_nonblocking(true).expect("it may be so");
        let theirs = OwnedFd::from(theirs);
        let held = theirs.try_clone().expect("a copy");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", text]).stdin(theirs);
        let (drain, bell) = Drain::new(&mut command).expect("pipes");
        let (child, group) = Group::spawn(command, Some(bell)).expect("a shell");
        let wire = Wire::new(ours, drain, end(Arc::clone(&group)));
        Self { child, group, wire, _held: held }
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        self.group.kill();
        self.group.wait(&mut self.child).expect("nobody else reaps it");
    }
}

/// Runs a scenario with a death that is told, and with one that is looked for.
fn both_ways(text: &str, scenario: fn(&mut Shell)) {
    for end in [End::of, End::untold] {
        scenario(&mut Shell::start(text, end));
    }
}

/// What no socket has room for.
fn much() -> serde_json::Value {
    message("answer", "x".repeat(4_000_000))
}

#[test]
fn lines_that_came_before_the_death_are_heard() {
    both_ways(r#"echo '{"log":1}' >&0; echo '{"done":2}' >&0; kill -s KILL $$"#, |shell| {
        assert_eq!(shell.wire.hear(), Ok(json!({"log": 1})));
        assert_eq!(shell.wire.hear(), Ok(json!({"done": 2})));
        assert_eq!(shell.wire.hear(), Err(Unheard::Silence));
    });
}

#[test]
fn what_was_written_before_the_death_is_read() {
    both_ways("echo out; echo err >&2; exit 1", |shell| {
        assert_eq!(shell.wire.hear(), Err(Unheard::Silence));
        shell.wire.drain.read_rest().expect("pipes");
        assert_eq!(shell.wire.drain.take(), [b"out\n", b"err\n"]);
    });
}

#[test]
fn lines_that_came_before_the_death_are_heard_by_one_who_speaks() {
    both_ways(r#"echo '{"done":1}' >&0; exit 0"#, |shell| {
        shell.wire.say(&much());
        assert_eq!(shell.wire.hear(), Ok(json!({"done": 1})));
        assert_eq!(shell.wire.hear(), Err(Unheard::Silence));
    });
}

#[test]
fn a_kill_ends_speaking_and_hearing() {
    both_ways("sleep 100", |shell| {
        let group = Arc::clone(&shell.group);
        thread::scope(|scope| {
            scope.spawn(move || group.kill());
            shell.wire.say(&much());
            assert_eq!(shell.wire.hear(), Err(Unheard::Silence));
        });
    });
}

#[test]
fn one_who_says_nothing_is_not_waited_for() {
    both_ways("sleep 100", |shell| {
        assert_eq!(shell.wire.hear_within(Duration::from_millis(1)), Err(Unheard::Silence));
        assert!(!shell.wire.end.has_come());
    });
}

#[test]
fn pipes_are_read_while_a_line_is_said() {
    let text =
        r#"head -c 1000000 /dev/zero; head -n 1 >/dev/null; echo '{"done":1}' >&0; sleep 100"#;
    both_ways(text, |shell| {
        shell.wire.say(&much());
        assert_eq!(shell.wire.hear(), Ok(json!({"done": 1})));
        let [out, _] = shell.wire.drain.take();
        assert_eq!(out.len(), 1_000_000);
    });
}

#[test]
fn what_is_no_line_is_not_taken_for_the_end() {
    both_ways("echo nonsense >&0; sleep 100", |shell| {
        assert_eq!(shell.wire.hear(), Err(Unheard::Nonsense));
        assert!(!shell.wire.end.has_come());
    });
}
