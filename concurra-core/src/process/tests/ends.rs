//! Commands that another thread ends, and commands whose processes end one by one.

use std::cell::OnceCell;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::super::run::CommandRun;
use super::super::{CommandSpec, End, Group};
use super::{Folder, OnStart, sh, stdout, whole};

/// Runs a shell text in which `$FIFO` stands for a named pipe. Once the text has written a line to
/// it, the meddler receives the group, the line and the rest of the pipe, while the text runs.
fn meddle<T: Send>(
    text: &str,
    capture: bool,
    meddler: impl FnOnce(&Group, &str, BufReader<File>) -> T + Send,
) -> (CommandRun, T) {
    let folder = Folder::new();
    let fifo = folder.fifo("fifo");
    let mut spec = CommandSpec::shell(text);
    spec.env.push(("FIFO".into(), fifo.clone().into()));
    spec.capture = capture;
    thread::scope(|scope| {
        let (send, receive) = mpsc::channel::<Arc<Group>>();
        let meddling = scope.spawn(move || {
            let group = receive.recv().expect("the command starts");
            let (line, rest) = first_line(&fifo);
            meddler(&group, &line, rest)
        });
        let ran = {
            let started = |group| send.send(group).expect("the meddler waits");
            super::super::run(&spec, whole(), &OnStart(started))
        };
        (ran, meddling.join().expect("the meddler"))
    })
}

fn first_line(fifo: &Path) -> (String, BufReader<File>) {
    let mut rest = BufReader::new(File::open(fifo).expect("the pipe"));
    let mut line = String::new();
    rest.read_line(&mut line).expect("a line");
    (line.trim_end().to_owned(), rest)
}

/// Reads to the end, which is when the last process that holds the pipe has ended.
fn until_all_ended(mut fifo: BufReader<File>) {
    fifo.read_to_end(&mut Vec::new()).expect("the end");
}

#[test]
fn asking_ends_all_of_the_group() {
    let text = "exec 3>$FIFO; sleep 100 & echo out; echo ready >&3; wait";
    let (ran, ()) = meddle(text, true, |group, _, fifo| {
        group.ask();
        until_all_ended(fifo);
    });
    assert_eq!(ran.output.returncode, Some(-15));
    assert_eq!(ran.output.stdout.as_str(), "out\n");
    assert_eq!(ran.failure.expect("a failure").message, "killed by SIGTERM: out");
}

#[test]
fn a_command_may_end_in_its_own_way_when_asked() {
    let text = "trap 'echo bye; exit 4' TERM; echo ready >$FIFO; while :; do :; done";
    let (ran, ()) = meddle(text, true, |group, _, _| group.ask());
    assert_eq!(ran.output.returncode, Some(4));
    assert_eq!(ran.output.stdout.as_str(), "bye\n");
}

#[test]
fn a_stopped_command_hears_too() {
    let text = "echo ready >$FIFO; kill -s STOP $$; sleep 100";
    let (ran, ()) = meddle(text, true, |group, _, _| group.ask());
    assert_eq!(ran.output.returncode, Some(-15));
}

#[test]
fn killing_reaches_a_grandchild_whose_parent_has_ended() {
    let text = "trap '' TERM; mkfifo $FIFO.2; exec 3>$FIFO
        (exec 3>&- 4>$FIFO.2; exec sleep 100) & echo $FIFO.2 >&3; exit 5";
    let (ran, ()) = meddle(text, true, |group, path, leaders| {
        let grandchilds = BufReader::new(File::open(path).expect("the pipe"));
        until_all_ended(leaders);
        group.ask();
        group.kill();
        until_all_ended(grandchilds);
    });
    assert_eq!(ran.output.returncode, Some(5));
}

#[test]
fn killing_ends_an_uncaptured_command() {
    let text = "trap '' TERM; exec 3>$FIFO; echo ready >&3; sleep 100";
    let (ran, ()) = meddle(text, false, |group, _, fifo| {
        group.kill();
        until_all_ended(fifo);
    });
    assert_eq!(ran.output.returncode, Some(-9));
    let message = ran.failure.expect("a failure").message;
    assert!(message.starts_with("killed by SIGKILL (by a user or a program"), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_daemon_with_the_pipe_does_not_delay_the_end() {
    // It writes for ever, so the pipe is never empty.
    let text = "echo mine
        setsid sh -c 'echo $$ >$FIFO; exec yes' & wait";
    let (ran, stray) = meddle(text, true, |group, line, _| {
        group.kill();
        group.kill();
        Pid::from_raw(line.parse().expect("a number")).expect("a process")
    });
    kill_process(stray, Signal::KILL).expect("it is still there");
    assert_eq!(ran.output.returncode, Some(-9));
    assert!(ran.output.stdout.as_str().starts_with("mine\n"));
}

#[test]
fn a_command_may_close_its_streams_and_go_on() {
    let text = "mkfifo $FIFO.2; echo out; exec >&- 2>&-; echo $FIFO.2 >$FIFO
        read code <$FIFO.2; exit $code";
    let (ran, ()) = meddle(text, true, |_, path, _| {
        fs::write(path, "7\n").expect("it reads");
    });
    assert_eq!(ran.output.returncode, Some(7));
    assert_eq!(ran.output.stdout.as_str(), "out\n");
}

#[test]
fn an_ended_command_receives_no_signal() {
    let kept = OnceCell::new();
    let started = |group| drop(kept.set(group));
    let ran = super::super::run(&CommandSpec::shell("true"), whole(), &OnStart(started));
    assert_eq!(ran.failure, None);
    let group = kept.into_inner().expect("it was started");
    group.ask();
    group.kill();
    assert!(format!("{group:?}").contains("None"), "{group:?}");
}

#[test]
fn output_of_a_background_process_is_read_until_it_ends() {
    // More than a pipe holds, so that the command ends before its child.
    let ran = sh("echo early; (head -c 3000000 /dev/zero; echo late >&2) & exit 0");
    assert_eq!(ran.output.stdout.as_bytes().len(), 3_000_006);
    assert_eq!(ran.output.stderr.as_str(), "late\n");
    assert_eq!((ran.failure, ran.is_held), (None, false));
}

#[test]
fn a_background_process_may_hold_the_pipes_of_an_ended_command() {
    for held in ["", "2>&-", ">&-"] {
        let ran = sh(&format!("echo out; echo err >&2; sleep 1000 {held} & echo $!"));
        assert!(ran.is_held, "{held}");
        assert_eq!(ran.output.stderr.as_str(), "err\n");
        let (out, sleeper) = stdout(&ran).split_once('\n').expect("two lines");
        assert_eq!(out, "out");
        let sleeper = sleeper.trim_end().parse().ok().and_then(Pid::from_raw).expect("a number");
        kill_process(sleeper, Signal::KILL).expect("it goes on");
        assert_eq!((ran.output.returncode, ran.failure), (Some(0), None));
    }
}

#[test]
fn a_background_process_may_write_for_ever() {
    // It ends when its output has no reader any more.
    let ran = sh("echo mine; while echo y; do sleep 0.01; done & exit 3");
    assert!(ran.is_held && stdout(&ran).contains("mine\n"));
    assert_eq!(ran.output.returncode, Some(3));
}

#[test]
fn many_at_once_keep_their_streams_apart() {
    thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || {
                for _ in 0..10 {
                    let ran = sh(&format!("echo {number}; echo e{number} >&2"));
                    assert_eq!(ran.output.stdout.as_str(), format!("{number}\n"));
                    assert_eq!(ran.output.stderr.as_str(), format!("e{number}\n"));
                }
            });
        }
    });
}

#[test]
fn waiting_for_an_end_has_a_limit() {
    for end in [End::of, End::unreported] {
        let mut command = Command::new("sleep");
        command.arg("100");
        let group = Group::spawn(command, None).expect("sleep");
        let end = end(Arc::clone(&group));
        end.wait(Duration::from_millis(1));
        assert!(!end.has_come());
        group.kill();
        end.wait(Duration::from_secs(60));
        assert!(end.has_come());
        group.wait().expect("only this thread reaps it");
        assert!(end.has_come());
    }
}
