//! Processes that isolated tasks leave running.

use std::process::{self, Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, io, thread};

use concurra::task;

use crate::leftovers::{ends, number};
use crate::support::{again, alone, folder, run, runner};
use crate::tasks::{note, numbers};

scenarios! {
    a_task_does_not_wait_for_the_processes_that_it_leaves,
    processes_that_tasks_left_end_with_the_program,
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

/// The program that ends while its worker process waits for a task: by itself, or by a signal.
pub(crate) fn end_with_an_idle_process(how: &str) -> ! {
    let mut runner = runner(&["left_running::leaves_a_sleeper", "ends"]).workers(1);
    let how = how.to_owned();
    let ends = move || match how.as_str() {
        "abort" => process::abort(),
        "exit" => process::exit(3),
        _ => {
            note("idle", process::id());
            thread::sleep(Duration::from_secs(3600));
        }
    };
    runner.add("ends", ends).after(["left_running::leaves_a_sleeper"]).isolate(false);
    let report = run(runner);
    unreachable!("{report}")
}

fn processes_that_tasks_left_end_with_the_program() {
    for how in ["-KILL", "-TERM", "abort", "exit"] {
        let folder = folder().join(format!("idle{how}"));
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).expect("a folder");
        let mut parent = alone("none", &folder);
        let mut parent = parent.env("IDLE", how).stdout(Stdio::null()).spawn().expect("this");
        let sleeper = number(&folder.join("sleeper"));
        if how.starts_with('-') {
            let process = number(&folder.join("idle")).to_string();
            let sent = Command::new("kill").args([how, &process]).status();
            assert!(sent.expect("`kill`").success());
        }
        assert!(!parent.wait().expect("it ends").success());
        assert!(ends(sleeper), "{how}: what a task left lives on");
        fs::remove_dir_all(&folder).expect("the folder is there");
    }
}
