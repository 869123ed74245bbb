//! Isolated tasks of a program whose worker processes never take one.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{self, Command};
use std::{env, io, thread};

use concurra_core::{
    Completion, Context, ExecutionMode, Home, Outcome, Place, Registration, Report, ResultType,
    TaskDef, TaskOptions, inventory, registered_in, worker_process_with,
};

/// What worker processes do in place of taking tasks.
const INSTEAD: &str = "CONCURRA_TEST_INSTEAD";

/// A file in which each of them leaves a line.
const STARTS: &str = "CONCURRA_TEST_STARTS";

const NAMES: [&str; 3] = ["first", "second", "third"];

fn nothing(_: &Context<'_>) -> Completion {
    Ok(None)
}

const fn described(name: &'static str, line: u32) -> TaskDef {
    TaskDef {
        name,
        module: "unserved",
        target: None,
        place: Place { file: file!(), line, column: 1 },
        after: &[],
        tags: &[],
        ignore: None,
        options: TaskOptions::NONE,
        body: nothing,
        result: ResultType::of::<()>,
    }
}

inventory::submit! { Registration::Task(|| const { &described("first", 1) }) }
inventory::submit! { Registration::Task(|| const { &described("second", 2) }) }
inventory::submit! { Registration::Task(|| const { &described("third", 3) }) }

/// The one test that worker processes come to.
#[test]
fn the_main_of_worker_processes() {
    if env::var_os("CONCURRA_WORKER_OF").is_none() {
        return;
    }
    let starts = env::var_os(STARTS).expect("a file");
    let starts = OpenOptions::new().append(true).create(true).open(starts);
    writeln!(starts.expect("it is there"), "started").expect("room for a line");
    match env::var(INSTEAD).expect("the test sets it").as_str() {
        "end" => process::exit(3),
        "die" => process::abort(),
        _ => {
            let socket = io::stdin().as_fd().try_clone_to_owned().map(UnixStream::from);
            socket.and_then(|socket| socket.shutdown(Shutdown::Both)).expect("it is a socket");
            thread::park();
        }
    }
}

/// Runs the tasks. Returns the number of started worker processes too.
fn run(fall_back: bool) -> (Report, usize) {
    worker_process_with(["the_main_of_worker_processes", "--exact"].map(Into::into));
    let starts = PathBuf::from(env::var_os(STARTS).expect("a file"));
    drop(fs::remove_file(&starts));
    let runner =
        registered_in(Home::of_module("unserved", None)).isolate(true).workers(1).retries(2);
    let report = runner.fallback_to_thread(fall_back).run().expect("a plan");
    (report, fs::read_to_string(starts).expect("they started").lines().count())
}

/// Runs a test in another process: a variable sets the `main` of its worker processes.
fn alone(test: &str, instead: &str) {
    let starts = env::temp_dir().join(format!("concurra-{test}-{}", process::id()));
    let mut again = Command::new(env::current_exe().expect("a path"));
    again.args([test, "--exact"]).env(INSTEAD, instead).env(STARTS, &starts);
    let output = again.output().expect("this test runs again");
    assert!(output.status.success(), "{instead}: {}", String::from_utf8_lossy(&output.stdout));
    drop(fs::remove_file(starts));
}

#[test]
fn worker_processes_that_take_no_task_are_started_once() {
    if env::var_os(INSTEAD).is_none() {
        let instead = ["end", "go on"];
        return instead.iter().for_each(|instead| {
            alone("worker_processes_that_take_no_task_are_started_once", instead);
        });
    }
    let (report, starts) = run(false);
    assert_eq!(starts, 1, "{report}");
    for name in NAMES {
        assert_eq!((report[name].outcome(), report[name].attempts()), (Outcome::Failed, 0));
        assert_eq!(report[name].execution_mode(), None);
        let error = report[name].error().expect("it failed");
        assert!(error.contains("`concurra::worker_process()`"), "{error}");
    }
}

#[test]
fn tasks_fall_back_to_threads() {
    if env::var_os(INSTEAD).is_none() {
        return ["end", "go on"].iter().for_each(|it| alone("tasks_fall_back_to_threads", it));
    }
    let (report, starts) = run(true);
    assert_eq!(starts, 1, "{report}");
    for name in NAMES {
        assert_eq!((report[name].outcome(), report[name].attempts()), (Outcome::Passed, 1));
        assert_eq!(report[name].execution_mode(), Some(ExecutionMode::ThreadFallback));
        let warning = report[name].warning().expect("it fell back");
        assert!(warning.starts_with("it ran in a thread: the worker process"), "{warning}");
    }
}

#[test]
fn a_killed_worker_process_is_followed_by_another() {
    if env::var_os(INSTEAD).is_none() {
        return alone("a_killed_worker_process_is_followed_by_another", "die");
    }
    let (report, starts) = run(true);
    assert_eq!(starts, 9, "{report}");
    for name in NAMES {
        assert_eq!((report[name].outcome(), report[name].attempts()), (Outcome::Failed, 3));
    }
}
