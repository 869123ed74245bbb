//! Wires to shells. The test holds the shell's end of the socket too, as a process does that a task
//! has forked. So the socket does not end when the shell dies.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::{NoMessage, Wire};
use crate::process::{Drain, End, Group};

struct Shell {
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
        let group = Group::spawn(command, Some(bell)).expect("a shell");
        let wire = Wire::new(ours, drain, end(Arc::clone(&group)));
        Self { group, wire, _held: held }
    }

    fn receive(&mut self) -> Result<Json, NoMessage> {
        self.wire.receive(None)
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        self.group.kill();
        self.group.wait().expect("no other thread reaps it");
    }
}

/// Runs a scenario where the system reports the death, and where the wire has to look for it.
fn both_ways(text: &str, scenario: fn(&mut Shell)) {
    for end in [End::of, End::unreported] {
        scenario(&mut Shell::start(text, end));
    }
}

/// A message that is longer than the room of a socket.
fn long() -> Json {
    json!({"answer": "x".repeat(4_000_000)})
}

#[test]
fn messages_from_before_the_death_are_received() {
    both_ways(r#"echo '{"log":1}' >&0; echo '{"done":2}' >&0; kill -s KILL $$"#, |shell| {
        assert_eq!(shell.receive(), Ok(json!({"log": 1})));
        assert_eq!(shell.receive(), Ok(json!({"done": 2})));
        assert_eq!(shell.receive(), Err(NoMessage::Silence));
    });
}

#[test]
fn output_from_before_the_death_is_read() {
    both_ways("echo out; echo err >&2; exit 1", |shell| {
        assert_eq!(shell.receive(), Err(NoMessage::Silence));
        shell.wire.drain.read_rest().expect("pipes");
        assert_eq!(shell.wire.drain.take().map(|stream| stream.text()), ["out\n", "err\n"]);
    });
}

#[test]
fn messages_from_before_the_death_are_received_after_a_failed_send() {
    both_ways(r#"echo '{"done":1}' >&0; exit 0"#, |shell| {
        shell.wire.send(&long());
        assert_eq!(shell.receive(), Ok(json!({"done": 1})));
        assert_eq!(shell.receive(), Err(NoMessage::Silence));
    });
}

#[test]
fn a_kill_ends_sending_and_receiving() {
    both_ways("sleep 100", |shell| {
        let group = Arc::clone(&shell.group);
        thread::scope(|scope| {
            scope.spawn(move || group.kill());
            shell.wire.send(&long());
            assert_eq!(shell.receive(), Err(NoMessage::Silence));
        });
    });
}

#[test]
fn receiving_ends_at_its_deadline() {
    both_ways("sleep 100", |shell| {
        let until = Instant::now() + Duration::from_millis(1);
        assert_eq!(shell.wire.receive::<Json>(Some(until)), Err(NoMessage::Silence));
        assert!(!shell.wire.end.has_come());
    });
}

#[test]
fn output_is_read_while_a_message_is_sent() {
    let text =
        r#"head -c 1000000 /dev/zero; head -n 1 >/dev/null; echo '{"done":1}' >&0; sleep 100"#;
    both_ways(text, |shell| {
        shell.wire.send(&long());
        assert_eq!(shell.receive(), Ok(json!({"done": 1})));
        let [out, _] = shell.wire.drain.take();
        assert_eq!(out.bytes.len(), 1_000_000);
    });
}

#[test]
fn an_unreadable_message_is_not_the_end() {
    both_ways("echo nonsense >&0; sleep 100", |shell| {
        assert_eq!(shell.receive(), Err(NoMessage::Unreadable));
        assert!(!shell.wire.end.has_come());
    });
}
