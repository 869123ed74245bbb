//! Tasks that end their process: the run has failed, and the task is named.

use crate::support::{Running, command, flows, mtrun, send};

fn crash(tag: &str, task: &str, end: &str) {
    let ran = mtrun(&["broken/tests/crashes.rs", "--tags", tag, "-w", "1"]).exits(100);
    let trouble = format!("broken/tests/crashes.rs: the run did not finish: its process {end}");
    ran.complains(&trouble).complains(&format!("while running: {task}")).lacks("====");
}

#[test]
fn exit_0_in_a_task_fails_the_run() {
    crash("exit", "exits", "exited with code 101");
}

#[test]
fn an_exit_without_exit_handlers_fails_the_run() {
    crash("_exit", "leaves_at_once", "exited with code 0");
    crash("quick_exit", "leaves_quickly", "exited with code 0");
}

#[test]
fn abort() {
    crash("abort", "aborts", "was killed by SIGABRT");
}

#[test]
fn stack_overflow() {
    crash("overflow", "overflows", "was killed by SIGABRT");
}

#[test]
fn segfault() {
    crash("segfault", "segfaults", "was killed by SIGSEGV");
}

#[test]
fn a_copy_that_a_task_forks_ends_without_an_end_of_the_run() {
    for options in [&["-w", "1"][..], &["-w", "2"], &["--isolate", "--show-output"]] {
        let ran = mtrun(&[&["broken/tests/crashes.rs", "--tags", "forks"], options].concat());
        let ran = ran
            .exits(0)
            .prints(&["task: the copy left with 0\n"])
            .prints(&["task: the copy returned 0\n"])
            .prints(&["task: the copy ended by signal 15\n"])
            .prints(&["==== 4 passed in "])
            .lacks("process::exit was called");
        assert_eq!(ran.out.matches("task: once").count(), 1, "{}", ran.out);
    }
}

#[test]
fn a_hook_that_ends_the_process_is_named() {
    for (how, end) in [("exit", "exited with code 101"), ("abort", "was killed by SIGABRT")] {
        for (place, hook) in [("setup", "setup prepare"), ("teardown", "teardown clean")] {
            mtrun(&["-p", "broken", "ends", &format!("--in-{place}={how}")])
                .exits(100)
                .complains(&format!(
                    "the run did not finish: its process {end} while running: {hook}\n"
                ))
                .lacks("====");
        }
    }
    mtrun(&["hooks", "--break=exit"]).exits(100).complains("while running: setup a_first\n");
}

#[test]
fn a_result_that_panics_when_it_is_dropped_is_reported() {
    mtrun(&["-p", "broken", "ends", "--in-drop=panic"])
        .exits(100)
        .prints(&["==== 2 passed in "])
        .complains("a bad end")
        .complains("error: all tasks had ended, but then a result or a value of the state panicked")
        .lacks("did not finish");
    mtrun(&["-p", "broken", "ends", "--in-drop=exit"])
        .exits(100)
        .complains("while running: the drop of results and state\n");
}

#[test]
fn a_kill_from_outside() {
    let running = Running::start(|gate| command(&flows(), &["slow", &gate.argument()]));
    send(running.gate().reached(), libc::SIGKILL);
    let (code, out) = running.end();
    assert_eq!(code, Some(100), "{out}");
    assert!(out.contains("its process was killed by SIGKILL while running: waits"), "{out}");
    assert!(!out.contains("===="), "{out}");
}

#[test]
fn among_several_targets_the_others_run() {
    let ran = mtrun(&["broken/tests/crashes.rs", "hooks", "--tags", "abort"]);
    ran.exits(100).prints(&["==== 2 targets: 0 passed, 1 run did not finish in "]);
    mtrun(&["broken/tests/crashes.rs", "slow", "exits", "quick", "--exact"])
        .exits(100)
        .complains("while running: exits")
        .prints(&["==> tests/slow.rs", "PASS", "quick", "==== 2 targets: 1 passed, 1 run did not"]);
}
