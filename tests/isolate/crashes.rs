//! Worker processes that die, and a parent that does.

use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use concurra::{Outcome, Runner, task};

use crate::leftovers::{ends, number};
use crate::support::{again, alone, folder, outcome_of, run, runner};
use crate::tasks::numbers;

scenarios! {
    a_crash_fails_its_task_alone,
    a_task_that_left_a_thread_is_named_when_its_process_dies,
    a_crash_may_be_tried_again,
    threads_may_ask_at_once,
    a_crash_leaves_no_grandchild,
    a_process_ends_with_the_commands_of_a_run_inside,
    a_killed_parent_leaves_no_process,
}

fn a_crash_fails_its_task_alone() {
    let report = run(runner(&["exits", "aborts", "overflows", "nothing", "process_number"]));
    let expected = [
        ("exits", "its process ended with exit(0) in the middle of the task"),
        ("aborts", "its process was killed by SIGABRT"),
        ("overflows", "its process was killed by SIG"),
    ];
    for (name, words) in expected {
        let (outcome, message) = outcome_of(&report, name);
        assert_eq!(outcome, Outcome::Failed, "{name}");
        assert!(message.starts_with(words), "{message}");
    }
    let output = report["overflows"].output().expect("the runtime prints the reason");
    assert!(output.stderr.contains("overflowed its stack"), "{}", output.stderr);
    let text = report.to_string();
    assert!(text.contains("\n  stderr:\n") && text.contains("overflowed its stack"), "{text}");
    assert_eq!(report["nothing"].outcome(), Outcome::Passed);
    assert_eq!(report["process_number"].outcome(), Outcome::Passed);
}

/// Whether the next task runs in this process.
static NEXT: AtomicBool = AtomicBool::new(false);

#[task]
fn leaves_a_thread() {
    thread::spawn(|| {
        while !NEXT.load(Ordering::SeqCst) {
            thread::park_timeout(Duration::from_millis(1));
        }
        process::abort();
    });
}

#[task(after = ["leaves_a_thread"])]
fn runs_beside_the_thread() {
    NEXT.store(true, Ordering::SeqCst);
    loop {
        thread::park();
    }
}

fn a_task_that_left_a_thread_is_named_when_its_process_dies() {
    let names = ["crashes::leaves_a_thread", "crashes::runs_beside_the_thread", "nothing"];
    let report = run(runner(&names).workers(1));
    let (outcome, message) = outcome_of(&report, "runs_beside_the_thread");
    assert_eq!(outcome, Outcome::Failed);
    let left = "threads that earlier tasks left behind still ran in it: crashes::leaves_a_thread";
    assert!(message.ends_with(left) && message.contains("SIGABRT"), "{message}");
    // A process without such a thread has no such words.
    let (_, message) = outcome_of(&run(runner(&["aborts"])), "aborts");
    assert!(!message.contains("left behind"), "{message}");
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

#[task]
fn logs_while_it_answers() -> String {
    for _ in 0..2 {
        thread::spawn(|| {
            loop {
                tracing::info!("{}", "y".repeat(3000));
            }
        });
    }
    // A line that the system takes in many pieces.
    "x".repeat(8_000_000)
}

fn threads_may_ask_at_once() {
    if env::var_os("NUMBERS").is_none() {
        return again("threads_may_ask_at_once");
    }
    tracing_subscriber::fmt().with_writer(std::io::sink).init();
    for _ in 0..3 {
        let report = run(runner(&["crashes::logs_while_it_answers"]));
        assert_eq!(report.verify(), Ok(()));
        let result = report["logs_while_it_answers"].result::<String>().expect("it passed");
        assert_eq!(result.len(), 8_000_000);
    }
}

fn a_crash_leaves_no_grandchild() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_crash_leaves_no_grandchild");
    }
    let report = run(runner(&["aborts_with_a_grandchild", "segfaults_with_a_grandchild"]));
    for (name, signal) in [("aborts", "SIGABRT"), ("segfaults", "SIGSEGV")] {
        let (outcome, message) = outcome_of(&report, &format!("{name}_with_a_grandchild"));
        assert_eq!(outcome, Outcome::Failed);
        assert!(message.contains(signal), "{message}");
        assert!(ends(number(&numbers().join(name))), "the grandchild lives on");
    }
}

/// Runs until it is killed. The program knows the group once it has read more than a pipe holds.
const DEAF: &str = r#"head -c 200000 /dev/zero
    sh -c 'trap "" TERM; echo $$ > deaf; sleep 1000' & wait"#;

#[task]
fn runs_a_command_inside() {
    let mut inside = Runner::new();
    inside.shell("deaf", DEAF).current_dir(numbers());
    drop(inside.run());
}

fn a_process_ends_with_the_commands_of_a_run_inside() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_process_ends_with_the_commands_of_a_run_inside");
    }
    let run = runner(&["crashes::runs_a_command_inside"]).start().expect("a plan");
    let deaf = number(&numbers().join("deaf"));
    assert_eq!(run.abort()["runs_a_command_inside"].outcome(), Outcome::Cancelled);
    assert!(ends(deaf), "a command of the run inside lives on");
}

const SLEEPERS: [&str; 4] = ["sleeper_a", "sleeper_b", "sleeper_c", "sleeper_d"];

/// The process that is killed while its tasks run.
pub(crate) fn sleep_until_killed() -> ! {
    let names: Vec<&str> = SLEEPERS.into_iter().chain(["crashes::runs_a_command_inside"]).collect();
    let report = run(runner(&names).workers(5));
    unreachable!("{report}")
}

fn a_killed_parent_leaves_no_process() {
    let folder = folder().join("sleepers");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("a folder");
    let mut parent = alone("none", &folder);
    let mut parent = parent.env("SLEEPERS", "yes").stdout(Stdio::null()).spawn().expect("this");
    let numbers = SLEEPERS.map(|name| number(&folder.join(name)));
    let deaf = number(&folder.join("deaf"));
    parent.kill().expect("it runs");
    parent.wait().expect("it was killed");
    let begun = Instant::now();
    assert!(numbers.into_iter().all(ends), "a process lives on");
    assert!(ends(deaf), "the command lives on");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}
