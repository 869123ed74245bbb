//! Connected sets of tasks, or every task, as tests of nextest.

use crate::executable;
use crate::support::{Ran, cargo};

fn nextest(arguments: &[&str]) -> Ran {
    cargo("flows", &[&["nextest"], arguments].concat())
}

#[test]
fn nextest_sees_a_connected_set_as_one_test() {
    let ran = nextest(&["list", "--message-format", "oneline"]).exits(0);
    let listed = |test: &str| ran.out.lines().any(|line| line == test);
    for test in ["flows::six test_a", "flows::layers l1_0", "flows::values skipping"] {
        assert!(listed(test), "no {test} in\n{}", ran.out);
    }
    assert!(!ran.out.contains("test_b"), "{}", ran.out);
}

#[test]
fn nextest_runs_a_connected_set_in_one_process() {
    nextest(&["run", "--test", "layers", "--test", "values", "--test", "hooks"])
        .exits(0)
        .complains("PASS [");
    nextest(&["run", "--test", "six"]).exits(100).complains("skipped: test_d failed");
    nextest(&["run", "--no-fail-fast", "--test", "per_task"])
        .exits(100)
        .complains("skipped: breaks failed");
}

#[test]
fn nextest_runs_tasks_that_exclude_each_other_in_one_process() {
    let list = ["list", "-p", "broken", "--test", "exclusive", "--message-format", "oneline"];
    let all = nextest(&list).exits(0).out;
    // A task that runs alone is connected with every other one.
    assert_eq!(all.lines().collect::<Vec<_>>(), ["broken::exclusive first"]);
}

/// What nextest lists of the target whose sets have ignored tasks.
fn sets(arguments: &[&str]) -> Vec<String> {
    let list = ["list", "-p", "broken", "--test", "sets", "--message-format", "oneline"];
    let ran = nextest(&[&list, arguments].concat()).exits(0);
    let names = ran.out.lines().filter_map(|line| line.strip_prefix("broken::sets "));
    names.map(str::to_owned).collect()
}

#[test]
fn nextest_ignores_a_set_of_which_nothing_would_run() {
    assert_eq!(sets(&[]), ["middle", "single"]);
    assert_eq!(sets(&["--run-ignored", "only"]), ["board"]);
    assert_eq!(sets(&["--run-ignored", "all"]), ["board", "middle", "single"]);
}

#[test]
fn nextest_leaves_ignored_tasks_of_a_set_out() {
    let sets = ["run", "-p", "broken", "--test", "sets", "--success-output", "final"];
    let run = |arguments: &[&str]| nextest(&[&sets, arguments].concat()).exits(0);
    let ran = run(&[]).complains("2 tests run: 2 passed, 1 skipped").complains("root ran");
    for line in ["test middle ... ignored, not today", "test leaf ... ignored, skipped: middle"] {
        assert!(ran.err.contains(line), "no {line:?} in:\n{}", ran.err);
    }
    let ran = run(&["--run-ignored", "only"]).complains("1 test run: 1 passed, 2 skipped");
    for line in ["board ran", "flash ran", "test result: ok. 2 passed"] {
        assert!(ran.err.contains(line), "no {line:?} in:\n{}", ran.err);
    }
}

#[test]
fn a_set_keeps_its_name_with_and_without_ignored_tasks() {
    let program = executable("sets", &["-p", "broken"]);
    let list = |arguments: &[&str]| {
        let mut command = std::process::Command::new(&program);
        command.args(["--list", "--format", "terse"]).args(arguments).env("NEXTEST", "1");
        String::from_utf8(command.output().expect("the test starts").stdout).expect("text")
    };
    assert_eq!(list(&[]), "board: test\nmiddle: test\nsingle: test\n");
    assert_eq!(list(&["--include-ignored"]), list(&[]));
    assert_eq!(list(&["--ignored"]), "board: test\n");
    assert_eq!(list(&["leaf"]), "middle: test\n");
}

#[test]
fn nextest_lists_every_task_where_main_says_so() {
    let ran = nextest(&["list", "--message-format", "oneline", "--test", "per_task"]).exits(0);
    let listed: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        listed,
        ["flows::per_task before", "flows::per_task breaks", "flows::per_task dependent"]
    );
}

#[test]
fn an_exact_name_that_matches_nothing_fails_under_nextest() {
    let path = executable("six", &[]);
    let run = |name: &str| {
        std::process::Command::new(&path)
            .args(["--exact", name, "--nocapture"])
            .env("NEXTEST", "1")
            .output()
            .expect("the test starts")
    };
    assert_eq!(run("test_z").status.code(), Some(101));
    assert!(String::from_utf8_lossy(&run("test_z").stderr).contains("`test_z`"));
    assert!(String::from_utf8_lossy(&run("test_a").stdout).contains("running 6 tests"));
}
