//! Commands end with the program, however it ends.

#![cfg(target_os = "linux")]

#[path = "support/leftovers.rs"]
mod leftovers;

use std::env;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio, exit};
use std::sync::mpsc::channel;
use std::time::Duration;

use concurra_core::{CommandOutput, Runner};

use leftovers::{ends, number};

const FOLDER: &str = "CONCURRA_TEST_FOLDER";

/// A test that runs alone in another process, with a folder for its files.
struct Alone {
    child: Child,
    folder: PathBuf,
}

/// The folder of a test that runs alone.
fn folder() -> Option<PathBuf> {
    env::var_os(FOLDER).map(PathBuf::from)
}

impl Alone {
    fn start(test: &str) -> Self {
        let folder = env::temp_dir().join(format!("concurra-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut again = Command::new(env::current_exe().expect("a path"));
        again.args([test, "--exact", "--nocapture"]).env(FOLDER, &folder);
        let child = again.stdout(Stdio::null()).spawn().expect("this test runs again");
        Self { child, folder }
    }

    /// The process whose number a command has written.
    fn process(&self, file: &str) -> u32 {
        number(&self.folder.join(file))
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// A command that runs for ever with its child, and ignores SIGTERM. It writes its number only after
/// the program has read more than a pipe holds, so the program knows the command by then.
fn endless(file: &str) -> String {
    let fills = "head -c 200000 /dev/zero";
    let numbers = format!("echo $! > {file}.child; echo $$ > {file}");
    format!("trap '' TERM INT HUP; sleep 1000 & {fills}; {numbers}; wait")
}

#[test]
fn commands_of_a_killed_program_end() {
    if let Some(folder) = folder() {
        let mut runner = Runner::new().workers(3);
        for file in ["one", "two"] {
            runner.shell(file, endless(file)).current_dir(&folder);
        }
        // Its number may belong to others by the time of the kill.
        runner.command("over", ["true"]);
        drop(runner.run());
        exit(1);
    }
    for signal in ["-KILL", "-TERM"] {
        let alone = Alone::start("commands_of_a_killed_program_end");
        let all = ["one", "one.child", "two", "two.child"].map(|file| alone.process(file));
        let sent = Command::new("kill").args([signal, &alone.child.id().to_string()]).status();
        assert!(sent.expect("`kill`").success());
        assert!(all.into_iter().all(ends), "{signal} leaves commands behind");
    }
}

#[test]
fn commands_of_a_dropped_run_end_with_the_program() {
    if let Some(folder) = folder() {
        let mut runner = Runner::new();
        runner.shell("goes on", endless("one")).current_dir(&folder);
        drop(runner.start().expect("a plan"));
        number(&folder.join("one"));
        exit(0);
    }
    let mut alone = Alone::start("commands_of_a_dropped_run_end_with_the_program");
    let all = ["one", "one.child"].map(|file| alone.process(file));
    assert!(alone.child.wait().expect("it ends").success());
    assert!(all.into_iter().all(ends));
}

#[test]
fn commands_of_a_run_inside_an_abandoned_body_end_with_the_program() {
    if let Some(folder) = folder() {
        let (begun, waits) = channel();
        let inside = folder.clone();
        let mut runner = Runner::new();
        let body = move || {
            let mut runner = Runner::new();
            runner.shell("goes on", endless("one")).current_dir(&inside);
            begun.send(()).expect("the test listens");
            drop(runner.run());
        };
        runner.add("holds a run", body);
        let run = runner.start().expect("a plan");
        waits.recv_timeout(Duration::from_secs(60)).expect("it begins");
        number(&folder.join("one"));
        drop(run.abort());
        exit(0);
    }
    let alone = Alone::start("commands_of_a_run_inside_an_abandoned_body_end_with_the_program");
    let all = ["one", "one.child"].map(|file| alone.process(file));
    assert!(all.into_iter().all(ends));
}

#[test]
fn a_background_process_of_a_command_goes_on() {
    let mut runner = Runner::new();
    runner.shell("starts", "sleep 1000 >/dev/null 2>&1 & echo $!");
    let report = runner.run().expect("a plan");
    let output = report["starts"].result::<CommandOutput>().expect("it passed");
    let server: u32 = output.stdout.as_str().trim().parse().expect("a number");
    assert!(leftovers::lives(server), "it ended with the run");
    let killed = Command::new("kill").arg(server.to_string()).status();
    assert!(killed.expect("`kill`").success());
}
