//! Panics that end the process are told before it ends.

use std::env;
use std::process::Command;

use concurra_core::Runner;

const INSIDE: &str = "CONCURRA_TEST_INSIDE";

/// Runs this test alone in a process of its own and gives back what it said.
fn process(test: &str) -> String {
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
    let said = process("a_panic_that_cannot_unwind");
    assert!(said.contains("abort.rs:") && said.contains("the reason that counts"), "{said}");
}

#[test]
fn a_panic_in_work_that_nobody_waits_for() {
    if is_inside() {
        let mut runner = Runner::new().workers(2);
        runner.add("spawns", || {
            rayon::spawn(|| panic!("nobody waits for this"));
            std::thread::sleep(std::time::Duration::from_secs(60));
        });
        let _ = runner.run();
        return;
    }
    let said = process("a_panic_in_work_that_nobody_waits_for");
    assert!(said.contains("did not wait for panicked: nobody waits for this"), "{said}");
}
