//! Panics that end the process are printed before it ends.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, panic, process};

use concurra_core::{Outcome, Runner};

const INSIDE: &str = "CONCURRA_TEST_INSIDE";

/// Runs this test alone in another process and returns its stderr.
fn stderr_of(test: &str) -> String {
    let exe = env::current_exe().expect("a path");
    let mut again = Command::new(exe);
    again.args([test, "--exact", "--nocapture"]).env(INSIDE, "yes").env_remove("RUST_BACKTRACE");
    let output = again.output().expect("this test runs again");
    assert!(!output.status.success(), "the process goes on");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn is_inside() -> bool {
    env::var_os(INSIDE).is_some()
}

extern "C" fn cannot_unwind() {
    panic!("the reason that counts");
}

#[test]
fn a_panic_that_cannot_unwind() {
    if is_inside() {
        let mut runner = Runner::new();
        runner.add("aborts", || cannot_unwind());
        let _ = runner.run();
        return;
    }
    let stderr = stderr_of("a_panic_that_cannot_unwind");
    assert!(stderr.contains("abort.rs:") && stderr.contains("the reason that counts"), "{stderr}");
}

#[test]
fn a_panic_in_spawned_work() {
    if is_inside() {
        let mut runner = Runner::new().workers(2);
        runner.add("spawns", || {
            rayon::spawn(|| panic!("detached work"));
            std::thread::sleep(std::time::Duration::from_secs(60));
        });
        let _ = runner.run();
        return;
    }
    let stderr = stderr_of("a_panic_in_spawned_work");
    assert!(stderr.contains("did not wait for panicked: detached work"), "{stderr}");
}

#[test]
fn a_stop_between_attempts_starts_no_other() {
    const NAME: &str = "a_stop_between_attempts_starts_no_other";
    if !is_inside() {
        let mut again = Command::new(env::current_exe().expect("a path"));
        let again = again.args([NAME, "--exact", "--nocapture"]).env(INSIDE, "yes");
        assert!(again.status().expect("this test runs again").success());
        return;
    }
    // A panic of the engine would be caught as if it were the body's.
    panic::set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        process::abort();
    }));
    for round in 0..400 {
        let calls = Arc::new(AtomicUsize::new(0));
        let called = Arc::clone(&calls);
        let mut runner = Runner::new().workers(2);
        let body = move || {
            called.fetch_add(1, Ordering::SeqCst);
            // To keep this takes time, in which the stop comes.
            Err::<(), _>("n".repeat(100_000))
        };
        runner.add("fails", body).retries(1_000_000);
        let run = runner.start().expect("a plan");
        while calls.load(Ordering::SeqCst) < round % 7 {
            std::hint::spin_loop();
        }
        // When the stop comes with the end of an attempt, that may be the last one.
        let outcome = run.abort()["fails"].outcome();
        assert!([Outcome::Cancelled, Outcome::Failed].contains(&outcome), "{outcome}");
    }
}
