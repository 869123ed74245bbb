//! Failures of a run whose process dies before it prints them.

use std::process::Command;

use crate::support::{Ran, mtrun, program};

#[test]
fn mtrun_prints_the_failures_of_a_process_that_died() {
    for (place, name, code) in [("task", "works", 100), ("setup", "setup prepare", 105)] {
        for (how, end) in [("abort", "was killed by SIGABRT"), ("exit", "exited with code 101")] {
            let (fails, ends) = (format!("--fails={place}"), format!("--ends={how}"));
            let ran = mtrun(&["broken/tests/lost.rs", &fails, &ends]).exits(code);
            let ran = ran.complains(&format!("---- FAIL {name} ----\n"));
            ran.complains(&format!("    the {place} is broken\n"))
                .complains(&format!("its process {end} while running: teardown ends"));
        }
    }
}

#[test]
fn a_binary_by_itself_prints_failures_when_something_calls_exit() {
    let mut command = Command::new(program("lost"));
    Ran::of(command.args(["--fails=task", "--ends=exit"]))
        .exits(101)
        .complains("---- FAIL works ----\n")
        .complains("    the task is broken\n")
        .complains("error: process::exit was called while running: teardown ends");
}
