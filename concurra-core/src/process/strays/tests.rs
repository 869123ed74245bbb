//! What is found of a group, and what is left alone.

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::Child;
use std::thread;

use super::*;

/// A process with a mark, in a group of its own as strays are.
fn marked(mut command: Command) -> (Child, Mark) {
    let mark = Mark::put_on(&mut command);
    (started(&mut command, &mark), mark)
}

/// Starts a process and waits until it can be seen: its environment comes a moment after it.
fn started(command: &mut Command, mark: &Mark) -> Child {
    let child = command.process_group(0).spawn().expect("it starts");
    while mark.living(nobody()).is_empty() {
        thread::yield_now();
    }
    child
}

fn sleeper() -> Command {
    let mut command = Command::new("sleep");
    command.arg("60");
    command
}

/// The signal that ended a process.
fn signal_of(mut child: Child) -> Option<i32> {
    child.wait().expect("nobody else reaps it").signal()
}

/// A leader that none of the strays has.
fn nobody() -> Pid {
    Pid::INIT
}

#[test]
fn marks_are_compared_in_whole_parts() {
    let mark = Mark("/1-a/2-b".to_owned());
    let covers = |path: &str| (mark.is_on(path.as_bytes()), mark.covers(path.as_bytes()));
    assert_eq!(covers("/1-a/2-b"), (true, true));
    assert_eq!(covers("/1-a/2-b/3-c"), (false, true));
    for other in ["", "/1-a", "/1-a/2-bc", "/0-f/1-a/2-b", "/1-a/2-b-/3-c"] {
        assert_eq!(covers(other), (false, false), "{other}");
    }
}

#[test]
fn a_path_is_the_value_of_its_variable() {
    assert_eq!(path_in(b"HOME=/\0CONCURRA_GROUP=/1-a\0PATH=/bin\0"), Some(&b"/1-a"[..]));
    for none in [&b""[..], b"\0", b"MY_CONCURRA_GROUP=/1-a\0", b"CONCURRA_GROUP_=/1-a\0"] {
        assert_eq!(path_in(none), None);
    }
}

#[test]
fn no_two_marks_are_the_same() {
    let marks: HashSet<String> =
        (0..1000).map(|_| Mark::put_on(&mut Command::new("true")).0).collect();
    assert_eq!(marks.len(), 1000);
}

#[test]
fn several_groups_are_killed_at_once() {
    let all: Vec<_> = (0..4).map(|_| marked(sleeper())).collect();
    let (spared, other) = marked(sleeper());
    let sought: Vec<_> = all.iter().map(|(_, mark)| (mark, nobody())).collect();
    kill(&sought);
    for (child, _) in all {
        assert_eq!(signal_of(child), Some(Signal::KILL.as_raw()));
    }
    assert_eq!(other.living(nobody()).len(), 1, "another group was killed");
    ask(&[(&other, nobody())]);
    assert_eq!(signal_of(spared), Some(Signal::TERM.as_raw()));
}

#[test]
fn what_is_still_in_its_group_is_left_to_who_signals_the_group() {
    let (mut child, mark) = marked(sleeper());
    let sought = [(&mark, Pid::from_child(&child))];
    ask(&sought);
    kill(&sought);
    assert_eq!(mark.living(nobody()).len(), 1);
    child.kill().expect("it lives");
    assert_eq!(signal_of(child), Some(Signal::KILL.as_raw()));
}

#[test]
fn a_group_inside_is_killed_and_not_asked() {
    let outer = Mark::put_on(&mut Command::new("true"));
    let mut command = sleeper();
    let inside = Mark(format!("{}/inside", outer.0));
    let child = started(command.env(NAME, &inside.0), &inside);
    let sought = [(&outer, nobody())];
    ask(&sought);
    assert_eq!(inside.living(nobody()).len(), 1);
    kill(&sought);
    assert_eq!(signal_of(child), Some(Signal::KILL.as_raw()));
}

#[test]
fn a_stopped_stray_hears_too() {
    let (child, mark) = marked(sleeper());
    let stopped = rustix::process::kill_process(Pid::from_child(&child), Signal::STOP);
    stopped.expect("it lives");
    ask(&[(&mark, nobody())]);
    assert_eq!(signal_of(child), Some(Signal::TERM.as_raw()));
}

#[test]
fn a_process_without_an_environment_is_unclear() {
    let mut command = sleeper();
    let mut child = command.env_clear().spawn().expect("it starts");
    let standing = Looker::default().look(Pid::from_child(&child), &|_, _: &[u8]| true);
    assert!(matches!(standing, Standing::Unclear));
    child.kill().expect("it lives");
    child.wait().expect("nobody else reaps it");
    let standing = Looker::default().look(rustix::process::getpid(), &|_, _: &[u8]| false);
    assert!(matches!(standing, Standing::Other));
}
