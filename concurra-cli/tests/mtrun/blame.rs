//! A process that ends in the middle of a run: the message names what ran, abandoned bodies as such.

use std::process::Command;

use libc::{SIGINT, SIGTERM};
use tempfile::TempDir;

use crate::support::{Ran, Running, command, flows, program};

const WORKERS: [&str; 3] = ["1", "2", "8"];

/// A run of `blame` in which something ends the process.
struct Blame {
    folder: TempDir,
}

impl Blame {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn command(&self, tasks: &[&str], more: &[&str]) -> Command {
        let mut command = command(&flows(), &["broken/tests/blame.rs", "--exact", "--grace=1ms"]);
        command.args(tasks).arg("--run-dependents").args(more);
        command.arg(format!("--folder={}", self.folder.path().display()));
        command
    }
}

/// Runs tasks until the process ends `how` at a place, and checks what ran then.
#[track_caller]
fn blames(tasks: &[&str], place: &str, how: &str, workers: &str, more: &[&str], running: &str) {
    let end = match how {
        "exit" => "exited with code 101",
        "segfault" => "was killed by SIGSEGV",
        "kill" => "was killed by SIGKILL",
        _ => "was killed by SIGABRT",
    };
    let (crash, how) = (format!("--crash={place}"), format!("--how={how}"));
    let options = [&["-w", workers, &crash, &how], more].concat();
    let ran = Ran::of(&mut Blame::new().command(tasks, &options));
    ran.exits(100).complains(&format!("its process {end} while running: {running}\n"));
}

#[test]
fn the_drop_of_a_late_result_belongs_to_its_attempt() {
    for workers in WORKERS {
        blames(&["next"], "late", "abort", workers, &[], "next, stuck (abandoned)");
    }
}

/// The words for the caller, which only `exit` has.
fn called(how: &str, name: &str) -> String {
    if how == "exit" { format!("; {name} called exit") } else { String::new() }
}

#[test]
fn an_abandoned_body_that_ends_the_process_is_named_as_such() {
    for workers in WORKERS {
        for how in ["abort", "exit", "segfault", "overflow"] {
            let caller = called(how, "stuck (abandoned)");
            let running = format!("next, stuck (abandoned){caller}");
            blames(&["next"], "stuck", how, workers, &[], &running);
        }
    }
}

#[test]
fn a_task_beside_an_abandoned_body_is_named_with_it() {
    for workers in WORKERS {
        for how in ["abort", "exit", "kill"] {
            let running = format!("next, stuck (abandoned){}", called(how, "next"));
            blames(&["next"], "next", how, workers, &["--stuck=stays"], &running);
        }
    }
}

#[test]
fn hooks_and_attempts_are_named() {
    for workers in WORKERS {
        blames(&["again"], "setup", "abort", workers, &[], "setup prepare");
        blames(&["again"], "again", "abort", workers, &[], "again");
        for how in ["abort", "exit"] {
            let stuck =
                format!("teardown clean, stuck (abandoned){}", called(how, "teardown clean"));
            blames(&["stuck"], "teardown", how, workers, &[], &stuck);
        }
    }
}

#[test]
fn a_thread_that_a_task_left_behind_ends_the_process_of_what_runs() {
    for workers in WORKERS {
        blames(&["behind"], "thread", "abort", workers, &[], "behind");
    }
}

#[test]
fn a_binary_by_itself_names_what_ran_when_a_task_calls_exit() {
    let program = program("blame");
    for (place, caller) in [("stuck", "stuck (abandoned)"), ("next", "next")] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(&program);
        command.args(["next", "--exact", "-w2", "--run-dependents", "--stuck=stays", "--how=exit"]);
        command.arg(format!("--folder={}", folder.path().display()));
        let ran = Ran::of(command.arg(format!("--crash={place}"))).exits(101);
        let running = format!("while running: next, stuck (abandoned); {caller} called exit");
        ran.complains(&format!("error: process::exit was called {running}\n"));
    }
}

/// Stops a run by a signal, then lets its running task end the process.
fn crash_after(signal: i32, how: &str, more: &[&str]) -> (Option<i32>, String) {
    let mut running = Running::start(|gate| {
        let mut mtrun = command(&flows(), &["broken/tests/blame.rs", "--exact", "-w", "1"]);
        let folder = gate.path().with_file_name("");
        mtrun.args(more).args(["again", "stopped", "later", "--crash=stopped"]);
        mtrun.args([format!("--how={how}"), format!("--folder={}", folder.display())]);
        mtrun
    });
    running.signal(signal);
    running.prints("] later ");
    if signal == SIGTERM {
        // It cancels the running task as well. What is printed is counted.
        running.prints("] stopped ");
    }
    running.gate().open();
    running.end()
}

#[test]
fn after_a_signal_a_crash_has_its_cause_its_name_and_the_counts() {
    // SIGTERM cancels the running task as well, whose body goes on.
    for (signal, code, cancelled) in [(SIGINT, 130, 1), (SIGTERM, 143, 2)] {
        let exited = format!("exited with code {code}");
        for (how, end) in [("abort", "was killed by SIGABRT"), ("exit", &exited)] {
            let (ended, out) = crash_after(signal, how, &[]);
            assert_eq!(ended, Some(code), "{out}");
            let why = format!("the run did not finish: its process {end} while running: stopped");
            assert!(out.contains(&format!("error: broken/tests/blame.rs: {why}")), "{out}");
            let ended = format!("1 passed, {cancelled} cancelled, 1 flaky");
            assert!(out.contains(&format!("\n==== {ended}, 1 run did not finish in ")), "{out}");
        }
    }
}

#[test]
fn after_a_signal_a_crash_is_in_the_summary_of_several_targets_and_in_reports() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |kind: &str| folder.path().join(kind);
    let kinds = ["json", "jsonl", "md"];
    let reports = kinds.map(|kind| format!("--report={kind}={}", path(kind).display()));
    let more = [&["hooks"], &reports.each_ref().map(String::as_str)[..]].concat();
    let (code, out) = crash_after(SIGTERM, "abort", &more);
    assert_eq!(code, Some(143), "{out}");
    let line = "==== 2 targets: 1 passed, 2 cancelled, 1 flaky, 1 run did not finish, \
                1 target not run in ";
    assert!(out.contains(line), "{out}");
    for kind in kinds {
        let report = std::fs::read_to_string(path(kind)).expect("a report");
        let why =
            "the run did not finish: its process was killed by SIGABRT while running: stopped";
        assert!(report.contains(why), "{kind}: {report}");
    }
}
