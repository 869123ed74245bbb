//! Signals that stop a run, when it was told to handle them.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::{env, process};

use concurra_core::{Outcome, Runner, StopReason};

const INSIDE: &str = "CONCURRA_TEST_INSIDE";

/// A process whose run is told to stop by signals.
struct Signalled {
    child: Child,
    /// It must stay open, or the process could not say anything.
    stdout: BufReader<ChildStdout>,
}

impl Signalled {
    /// Starts this test alone in a process of its own and waits until its tasks run.
    fn start(test: &str) -> Self {
        let mut again = Command::new(env::current_exe().expect("a path"));
        again.args([test, "--exact", "--nocapture"]).env(INSIDE, "yes").stdout(Stdio::piped());
        let mut child = again.spawn().expect("this test runs again");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut signalled = Self { child, stdout };
        signalled.hear("it runs");
        signalled
    }

    /// Waits until the process has said something.
    fn hear(&mut self, words: &str) {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            let read = self.stdout.read_line(&mut line).expect("the process says something");
            assert!(read > 0, "the process ended without saying {words:?}");
        }
    }

    fn signal(&self, name: &str) {
        let number = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &number]).status().expect("`kill`");
        assert!(sent.success(), "{name} was not sent");
    }

    fn code(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

/// Runs a task that goes on until a signal comes, and ends the process by how the run ended.
fn run_until_signalled() -> ! {
    let mut runner = Runner::new().workers(2).handle_signals(true);
    runner.command("command", ["sleep", "1000"]);
    let waits = || {
        println!("it runs");
        while !concurra_core::is_cancelled() {
            std::thread::yield_now();
        }
    };
    runner.add("waits", waits);
    runner.add("behind", || ()).after(["waits"]);
    let report = runner.run().expect("a plan");
    assert_eq!(report["waits"].outcome(), Outcome::Passed);
    assert_eq!(report["behind"].outcome(), Outcome::Cancelled);
    process::exit(match report.stopped() {
        Some(StopReason::Interrupt) => 30,
        Some(StopReason::Terminate) => 43,
        _ => 1,
    })
}

#[test]
fn an_interrupt_stops_the_run() {
    if env::var_os(INSIDE).is_some() {
        run_until_signalled();
    }
    let process = Signalled::start("an_interrupt_stops_the_run");
    process.signal("-INT");
    assert_eq!(process.code(), Some(30));
}

#[test]
fn a_termination_stops_the_run() {
    if env::var_os(INSIDE).is_some() {
        run_until_signalled();
    }
    let process = Signalled::start("a_termination_stops_the_run");
    process.signal("-TERM");
    assert_eq!(process.code(), Some(43));
}

#[test]
fn a_second_signal_ends_the_process() {
    if env::var_os(INSIDE).is_some() {
        let mut runner = Runner::new().handle_signals(true);
        runner.add("never ends", || {
            println!("it runs");
            while !concurra_core::is_cancelled() {
                std::thread::yield_now();
            }
            println!("it was asked to end");
            std::thread::sleep(std::time::Duration::from_secs(3600));
        });
        drop(runner.run());
        process::exit(1);
    }
    let mut process = Signalled::start("a_second_signal_ends_the_process");
    process.signal("-INT");
    process.hear("it was asked to end");
    process.signal("-INT");
    assert_eq!(process.code(), None, "it is killed by the signal");
}
