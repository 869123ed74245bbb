//! Processes that isolated tasks leave running.

use std::io;
use std::process::{Child, Command};
use std::{env, fs};

use concurra::task;

use crate::leftovers::{ends, number};
use crate::support::{again, run, runner};
use crate::tasks::{note, numbers};

scenarios! {
    a_task_does_not_wait_for_the_processes_that_it_leaves,
}

/// Starts a process that outlives the task that starts it.
fn leave(name: &str, line: &str) -> io::Result<Child> {
    let child = Command::new("/bin/sh").args(["-c", line]).spawn()?;
    note(name, child.id());
    Ok(child)
}

#[task]
fn leaves_a_sleeper() -> io::Result<()> {
    println!("leaves a sleeper");
    leave("sleeper", "exec sleep 1000").map(drop)
}

/// The next task of the process.
#[task(after = ["leaves_a_sleeper"])]
fn leaves_a_writer() -> io::Result<()> {
    leave("writer", "while echo y; do sleep 0.01; done").map(drop)
}

fn a_task_does_not_wait_for_the_processes_that_it_leaves() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_task_does_not_wait_for_the_processes_that_it_leaves");
    }
    let names = ["left_running::leaves_a_sleeper", "left_running::leaves_a_writer"];
    for workers in [1, 2, 8] {
        let report = run(runner(&names).workers(workers));
        assert_eq!(report.verify(), Ok(()));
        let output = report["leaves_a_sleeper"].output().expect("it prints");
        assert_eq!(output.stdout, "leaves a sleeper\n");
        for name in ["sleeper", "writer"] {
            let file = numbers().join(name);
            assert!(ends(number(&file)), "{name} outlives the run");
            fs::remove_file(file).expect("it was written");
        }
    }
}
