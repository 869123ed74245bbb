//! A command ends with its process group. A daemon, which leaves the group on purpose, goes on.

#![cfg(target_os = "linux")]

#[path = "support/leftovers.rs"]
mod leftovers;
#[path = "support/patience.rs"]
mod patience;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use std::{env, fs, process, thread};

use concurra_core::{MaxFail, Outcome, Runner, StopReason};

use leftovers::{ends, lives, number};
use patience::wait_for;

/// The folder in which a test's processes note their numbers.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = env::temp_dir().join(format!("concurra-groups-{test}-{}", process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn number(&self, file: &str) -> u32 {
        number(&self.0.join(file))
    }

    /// A runner whose commands run in the folder.
    fn runner<const N: usize>(&self, lines: [(&str, &str); N]) -> Runner {
        let mut runner = Runner::new().workers(N + 1);
        for (name, line) in lines {
            runner.shell(name, line).current_dir(&self.0);
        }
        runner
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if thread::panicking() {
            // What was to end is still there, and its numbers are its own.
            let all = "kill -s KILL $(cat *)";
            drop(Command::new("sh").args(["-c", all]).current_dir(&self.0).status());
        }
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Leaves its group without its command's pipes, and writes its number.
const DAEMON: &str = "setsid sh -c 'echo $$ > daemon; exec sleep 1000' >/dev/null 2>&1 & wait";

/// A process that ignores SIGTERM and stays in the group.
const DEAF: &str = r#"sh -c 'trap "" TERM; echo $$ > deaf; sleep 1000' & wait"#;

#[test]
fn a_timeout_ends_the_group_and_no_daemon() {
    let folder = Folder::new("timeout");
    let mute = DEAF.replace("deaf", "mute").replace(" & wait", " >/dev/null 2>&1 & wait");
    // The daemon holds the pipe when the shell ends.
    let held = "setsid sh -c 'echo $$ > held; exec sleep 1000' & wait";
    let report = folder
        .runner([("daemon", DAEMON), ("deaf", DEAF), ("mute", &mute), ("held", held)])
        .timeout(Duration::from_secs(3))
        .grace(Duration::from_millis(100))
        .run()
        .expect("a plan");
    assert!(report.tasks().iter().all(|task| task.outcome() == Outcome::TimedOut), "{report}");
    for file in ["deaf", "mute"] {
        assert!(ends(folder.number(file)), "{file} lives on");
    }
    for file in ["daemon", "held"] {
        let daemon = folder.number(file);
        assert!(lives(daemon), "{file} ended");
        kill(daemon);
    }
}

#[test]
fn an_abort_ends_the_group_and_no_daemon() {
    let folder = Folder::new("abort");
    let run = folder.runner([("daemon", DAEMON), ("deaf", DEAF)]).start().expect("a plan");
    let (daemon, deaf) = (folder.number("daemon"), folder.number("deaf"));
    let report = run.abort();
    assert!(report.tasks().iter().all(|task| task.outcome() == Outcome::Cancelled), "{report}");
    assert!(ends(deaf) && lives(daemon));
    kill(daemon);
}

#[test]
fn an_immediate_stop_at_a_failure_ends_the_group() {
    let folder = Folder::new("fast");
    let mut runner = folder.runner([("deaf", DEAF)]).max_fail(MaxFail::immediate(1));
    runner = runner.grace(Duration::from_millis(100));
    let deaf = folder.0.join("deaf");
    runner.add("fails", move || Err::<(), _>(number(&deaf).to_string()));
    let report = runner.run().expect("a plan");
    assert_eq!(report["deaf"].outcome(), Outcome::Cancelled);
    assert!(ends(folder.number("deaf")));
}

#[test]
fn a_process_that_outlives_its_leader_may_handle_sigterm() {
    let folder = Folder::new("asked");
    let line = r#"sh -c '
        trap "echo $$ > bye; exit" TERM; echo $$ > one; while :; do sleep 0.01; done
    ' >/dev/null 2>&1 & wait"#;
    let run = folder.runner([("one", line)]).grace(Duration::MAX).start().expect("a plan");
    let process = folder.number("one");
    run.canceller().cancel(StopReason::Interrupt);
    assert_eq!(wait_for(run)["one"].outcome(), Outcome::Cancelled);
    assert!(!lives(process), "it was not waited for");
    assert_eq!(folder.number("bye"), process);
}

#[test]
fn a_program_ends_with_its_own_commands() {
    const FOLDER: &str = "CONCURRA_TEST_FOLDER";
    let test = "a_program_ends_with_its_own_commands";
    // The program knows the group once it has read more than a pipe holds.
    let inside = r#"head -c 200000 /dev/zero
        sh -c 'trap "" TERM; echo $$ > inner; sleep 1000' & wait"#;
    if let Some(folder) = env::var_os(FOLDER) {
        let mut inner = Runner::new();
        inner.shell("inner", inside).current_dir(&folder);
        drop(inner.run());
        return;
    }
    let folder = Folder::new("inside");
    let mut outer = Runner::new();
    let exe = env::current_exe().expect("a path");
    let words = [exe.as_os_str(), test.as_ref(), "--exact".as_ref()];
    outer.command("outer", words).env(FOLDER, &folder.0);
    let run = outer.start().expect("a plan");
    let inner = folder.number("inner");
    assert_eq!(run.abort()["outer"].outcome(), Outcome::Cancelled);
    assert!(ends(inner));
}

#[test]
fn a_server_of_a_passed_command_goes_on() {
    let folder = Folder::new("server");
    let line = "setsid sleep 1000 >/dev/null 2>&1 & echo $! > server";
    let report = folder.runner([("starts", line)]).run().expect("a plan");
    assert_eq!(report["starts"].outcome(), Outcome::Passed);
    drop(report);
    let server = folder.number("server");
    assert!(lives(server), "it ended with the run");
    kill(server);
}

fn kill(process: u32) {
    let killed = Command::new("kill").arg(process.to_string()).status();
    assert!(killed.expect("`kill`").success());
}
