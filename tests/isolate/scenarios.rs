//! What is expected of worker processes.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use concurra::{ExecutionMode, Outcome, Report, Runner, State, StopReason};
use serde_json::Value;

use crate::tasks::{Limits, Opaque, chosen, numbers};

pub(crate) const ALL: &[(&str, fn())] = &[
    ("tasks_run_in_other_processes", tasks_run_in_other_processes),
    ("a_process_serves_many_tasks", a_process_serves_many_tasks),
    ("results_parameters_and_shared_state_cross_over", results_parameters_and_shared_state_cross),
    ("what_cannot_cross_says_so", what_cannot_cross_says_so),
    ("errors_come_back_with_their_output", errors_come_back_with_their_output),
    ("records_come_back", records_come_back),
    ("a_crash_fails_its_task_alone", a_crash_fails_its_task_alone),
    ("a_crash_may_be_tried_again", a_crash_may_be_tried_again),
    ("a_timeout_kills_the_process", a_timeout_kills_the_process),
    ("fail_fast_and_abort_kill_processes", fail_fast_and_abort_kill_processes),
    ("a_crash_leaves_no_grandchild", a_crash_leaves_no_grandchild),
    ("a_killed_parent_leaves_nobody", a_killed_parent_leaves_nobody),
    ("closures_fail_or_fall_back", closures_fail_or_fall_back),
    ("a_result_that_cannot_cross_may_fall_back_too", a_result_that_cannot_cross_may_fall_back_too),
    ("commands_stay_commands", commands_stay_commands),
];

/// A runner with the tasks that were named, isolated.
fn runner(names: &[&str]) -> Runner {
    chosen(names).workers(2)
}

fn run(runner: Runner) -> Report {
    runner.run().expect("a plan")
}

/// The outcome of a task and what it said.
fn said(report: &Report, name: &str) -> (Outcome, String) {
    let task = &report[name];
    (task.outcome(), task.failure().map(|failure| failure.to_string()).unwrap_or_default())
}

/// An empty folder for the numbers of processes; its name reaches worker processes as it is that of
/// this process.
fn folder() -> PathBuf {
    let folder = numbers().join(process::id().to_string());
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Runs a scenario in a process of its own, whose tasks write their numbers into a folder.
fn alone(scenario: &str, folder: &Path) -> Command {
    let mut command = Command::new(env::current_exe().expect("a path"));
    command.args(["--exact", scenario]).env("NUMBERS", folder);
    command
}

/// Waits until a process has written its number.
fn number(folder: &Path, name: &str) -> u32 {
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        if let Ok(text) = fs::read_to_string(folder.join(name)) {
            return text.parse().expect("a number");
        }
        assert!(Instant::now() < patience, "{name} has not begun");
        std::thread::yield_now();
    }
}

/// Whether a process is there and not merely waits to be reaped.
fn lives(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = stat.rsplit(") ").next().and_then(|rest| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}

/// Waits until a process is gone, but not for ever.
fn ends(process: u32) -> bool {
    let patience = Instant::now() + Duration::from_secs(10);
    while lives(process) && Instant::now() < patience {
        std::thread::yield_now();
    }
    !lives(process)
}

fn tasks_run_in_other_processes() {
    let mut runner = runner(&["process_number", "nothing", "here"]);
    runner.add("here", process::id).isolate(false);
    let report = run(runner);
    let there = *report["process_number"].result::<u32>().expect("it passed");
    assert_ne!(there, process::id());
    assert_eq!(*report["here"].result::<u32>().expect("it passed"), process::id());
    assert_eq!(report["nothing"].execution_mode(), Some(ExecutionMode::Process));
    assert_eq!(report["here"].execution_mode(), Some(ExecutionMode::Thread));
    assert_eq!(report.verify(), Ok(()));
    assert!(ends(there), "the process outlives the run");
}

fn a_process_serves_many_tasks() {
    let names = ["process_number", "structured", "nothing", "reads_param"];
    let report = run(runner(&names).workers(1));
    assert_eq!(report.verify(), Ok(()));
    let crashed = run(runner(&["aborts", "process_number"]).workers(1));
    assert_eq!(said(&crashed, "aborts").0, Outcome::Failed);
    assert_eq!(crashed["process_number"].outcome(), Outcome::Passed, "the slot was replaced");
}

fn results_parameters_and_shared_state_cross() {
    let params = [("env".to_owned(), "dev".to_owned())];
    let state = State::with_params(params.into_iter().collect());
    state.share("limits", Limits { most: 40 });
    state.share("base", 2_u64);
    let names = ["structured", "reads", "reads_param", "reads_shared"];
    let runner = runner(&names).workers(1).state(state);
    let report = run(runner);
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(*report["reads"].result::<String>().expect("it passed"), "3 rows");
    let param = report["reads_param"].result::<Option<String>>().expect("it passed");
    assert_eq!(param.as_deref(), Some("dev"));
    assert_eq!(*report["reads_shared"].result::<u64>().expect("it passed"), 42);
    let rows = report["structured"].result::<Value>().expect("it passed");
    assert_eq!(rows["name"], "orders");
}

fn what_cannot_cross_says_so() {
    let mut runner = runner(&["opaque", "reads_unshared", "updates", "inserts", "nothing"]);
    let state = State::default();
    state.insert("private", 1);
    runner = runner.state(state);
    let report = run(runner);
    let (outcome, message) = said(&report, "opaque");
    assert_eq!(outcome, Outcome::Failed);
    assert!(message.contains("an Opaque, cannot come back from a worker process"), "{message}");
    let (outcome, message) = said(&report, "reads_unshared");
    assert_eq!(outcome, Outcome::Failed);
    assert!(message.contains("private"), "{message}");
    for name in ["updates", "inserts"] {
        let (outcome, message) = said(&report, name);
        assert_eq!(outcome, Outcome::Failed);
        let expected = r#""hits" cannot be changed by an isolated task"#;
        assert!(message.contains(expected), "{message}");
    }
    assert_eq!(report["nothing"].outcome(), Outcome::Passed);
}

fn errors_come_back_with_their_output() {
    let report = run(runner(&["fails", "panics", "skips"]));
    assert_eq!(said(&report, "fails"), (Outcome::Failed, "on purpose".to_owned()));
    let output = report["fails"].output().expect("it wrote something");
    assert_eq!(output.stdout, "to standard output\n");
    assert_eq!(output.stderr, "to standard error\n");
    let failure = report["panics"].failure().expect("it panicked");
    assert_eq!(failure.message, "panicked: in a worker process");
    assert!(failure.place.expect("a panic has a place").contains("tasks.rs:"));
    assert_eq!(report["skips"].outcome(), Outcome::Skipped);
    assert_eq!(report["skips"].cause().as_deref(), Some("no board"));
}

/// Keeps what is logged on this process's threads.
#[derive(Clone, Default)]
struct Records(Arc<Mutex<String>>);

impl io::Write for Records {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.0.lock().expect("no panic under the lock").push_str(&text);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn records_come_back() {
    if env::var_os("NUMBERS").is_none() {
        return again("records_come_back");
    }
    let records = Records::default();
    let writer = records.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::INFO)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("the first");
    let report = run(runner(&["logs"]));
    assert_eq!(report.verify(), Ok(()));
    let told = records.0.lock().expect("no panic under the lock").clone();
    assert!(told.contains("loaded orders=3"), "{told}");
    assert!(told.contains("isolate::tasks"), "{told}");
    assert!(!told.contains("nobody asked"), "{told}");
}

fn a_crash_fails_its_task_alone() {
    let report = run(runner(&["exits", "aborts", "overflows", "nothing", "process_number"]));
    let expected = [
        ("exits", "its process ended with exit(0) in the middle of the task"),
        ("aborts", "its process was killed by SIGABRT"),
        ("overflows", "its process was killed by SIG"),
    ];
    for (name, words) in expected {
        let (outcome, message) = said(&report, name);
        assert_eq!(outcome, Outcome::Failed, "{name}");
        assert!(message.starts_with(words), "{message}");
    }
    let output = report["overflows"].output().expect("the runtime says why");
    assert!(output.stderr.contains("overflowed its stack"), "{}", output.stderr);
    assert_eq!(report["nothing"].outcome(), Outcome::Passed);
    assert_eq!(report["process_number"].outcome(), Outcome::Passed);
}

fn a_crash_may_be_tried_again() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_crash_may_be_tried_again");
    }
    let report = run(runner(&["passes_at_the_second_attempt"]).retries(2));
    let task = &report["passes_at_the_second_attempt"];
    assert_eq!((task.outcome(), task.attempts()), (Outcome::Passed, 2));
    assert!(task.retry_errors()[0].message.contains("SIGABRT"));
}

/// Runs a scenario again, in a process whose tasks have a folder of their own.
fn again(scenario: &str) {
    let folder = folder().join(scenario);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("a folder");
    let output = alone(scenario, &folder).output().expect("this program");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

fn a_timeout_kills_the_process() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_timeout_kills_the_process");
    }
    let report = run(runner(&["hangs", "nothing"]).workers(1).timeout(Duration::from_millis(500)));
    assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
    assert_eq!(report["nothing"].outcome(), Outcome::Passed);
    assert!(ends(number(&numbers(), "hangs")), "the process lives on");
    assert!(report.warnings().is_empty(), "{:?}", report.warnings());
}

fn fail_fast_and_abort_kill_processes() {
    if env::var_os("NUMBERS").is_none() {
        return again("fail_fast_and_abort_kill_processes");
    }
    let mut fast = runner(&["hangs", "fails here"]).fail_fast(true);
    let fails = || {
        number(&numbers(), "hangs");
        Err::<(), _>("no")
    };
    fast.add("fails here", fails).isolate(false);
    let report = run(fast);
    assert_eq!(report["hangs"].outcome(), Outcome::Cancelled);
    assert!(ends(number(&numbers(), "hangs")), "the process lives on");
    fs::remove_file(numbers().join("hangs")).expect("it was written");
    let run = runner(&["hangs"]).start().expect("a plan");
    let process = number(&numbers(), "hangs");
    let report = run.abort();
    assert_eq!(report["hangs"].outcome(), Outcome::Cancelled);
    assert_eq!(report.stopped(), Some(StopReason::Abort));
    assert!(ends(process), "the process lives on");
}

fn a_crash_leaves_no_grandchild() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_crash_leaves_no_grandchild");
    }
    let report = run(runner(&["leaves_a_grandchild"]));
    assert_eq!(report["leaves_a_grandchild"].outcome(), Outcome::Failed);
    assert!(ends(number(&numbers(), "grandchild")), "the grandchild lives on");
}

const SLEEPERS: [&str; 4] = ["sleeper_a", "sleeper_b", "sleeper_c", "sleeper_d"];

/// The process that is killed while its tasks run.
pub(crate) fn sleep_until_killed() -> ! {
    let report = run(runner(&SLEEPERS).workers(4));
    unreachable!("{report}")
}

fn a_killed_parent_leaves_nobody() {
    let folder = folder().join("sleepers");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("a folder");
    let mut parent = alone("none", &folder);
    let mut parent = parent.env("SLEEPERS", "yes").stdout(Stdio::null()).spawn().expect("this");
    let numbers = SLEEPERS.map(|name| number(&folder, name));
    parent.kill().expect("it runs");
    parent.wait().expect("it was killed");
    let begun = Instant::now();
    assert!(numbers.into_iter().all(ends), "a process lives on");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

fn closures_fail_or_fall_back() {
    let plan = |fall_back| {
        let mut runner = Runner::new().isolate(true).fallback_to_thread(fall_back).retries(2);
        runner.add("closure", process::id);
        runner.add("opaque", || -> Result<Opaque, String> { Ok(Opaque) });
        runner.add("in a thread", || ()).isolate(false);
        run(runner)
    };
    let report = plan(false);
    for name in ["closure", "opaque"] {
        let (outcome, message) = said(&report, name);
        assert_eq!((outcome, report[name].attempts()), (Outcome::Failed, 1));
        assert!(message.starts_with("a closure cannot run in a worker process"), "{message}");
    }
    assert_eq!(report["in a thread"].outcome(), Outcome::Passed);
    let report = plan(true);
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(*report["closure"].result::<u32>().expect("it passed"), process::id());
    assert_eq!(report["closure"].execution_mode(), Some(ExecutionMode::ThreadFallback));
    let warning = report["closure"].warning().expect("it fell back");
    assert!(warning.starts_with("it ran in a thread: a closure cannot run"), "{warning}");
}

fn a_result_that_cannot_cross_may_fall_back_too() {
    let report = run(runner(&["opaque", "nothing"]).fallback_to_thread(true));
    assert_eq!(report.verify(), Ok(()));
    assert!(report["opaque"].result::<Opaque>().is_ok());
    assert_eq!(report["opaque"].execution_mode(), Some(ExecutionMode::ThreadFallback));
    assert!(report["opaque"].warning().is_some_and(|said| said.contains("an Opaque")));
    assert_eq!(report["nothing"].execution_mode(), Some(ExecutionMode::Process));
}

fn commands_stay_commands() {
    let mut runner = Runner::new().isolate(true);
    runner.command("echo", ["echo", "hello"]);
    let report = run(runner);
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(report["echo"].execution_mode(), Some(ExecutionMode::Subprocess));
}
