//! Worker processes that never take a task.

use std::io;

use super::*;

/// The error for a shell in place of a worker process.
fn refused(text: &str) -> String {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", text]);
    Host::started_by(shell, BTreeMap::new()).expect_err("it takes no tasks").to_string()
}

#[test]
fn a_program_that_does_something_else() {
    let main = "(when the program has a `main` of its own, that has to begin with \
                `concurra::worker_process()`)";
    let ended = |code: i32| {
        format!("the worker process ended with exit({code}) instead of taking tasks {main}")
    };
    assert_eq!(refused("exit 0"), ended(0));
    assert_eq!(refused("echo usage: orders FILE >&2; exit 2"), ended(2) + ": usage: orders FILE");
    assert_eq!(refused("echo; echo 3 orders"), ended(0) + ": 3 orders");
    let both = ended(1) + "; the end of its stderr:\na\nb";
    assert_eq!(refused("echo out; echo a >&2; echo b >&2; exit 1"), both);
    let silent = format!("the worker process went on without taking tasks {main}: serving");
    assert_eq!(refused("echo serving; exec <&-; sleep 1000"), silent);
}

#[test]
fn a_program_that_dies() {
    let said = refused("echo no library >&2; exit 127");
    assert_eq!(said, "the worker process ended with exit(127) before it took a task: no library");
    let said = refused("kill -s KILL $$");
    assert_eq!(said, "the worker process was killed by SIGKILL before it took a task");
}

#[test]
fn a_worker_process_that_cannot_take_tasks() {
    let said = refused(r#"echo '{"unable":"no thread could be started"}' >&0; sleep 1000"#);
    assert_eq!(said, "the worker process cannot take tasks: no thread could be started");
    let said = refused(r#"echo '{"hello":"0.0.1"}' >&0; sleep 1000"#);
    assert!(said.starts_with("the worker process has version 0.0.1, this program"), "{said}");
}

#[test]
fn a_system_without_room_for_a_process() {
    let error = io::Error::from(rustix::io::Errno::AGAIN);
    let said = HostError::from(error).to_string();
    assert!(said.ends_with("; run with fewer workers or raise `ulimit -u`"), "{said}");
}
