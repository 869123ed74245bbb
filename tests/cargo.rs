//! The same tasks under `cargo test` and nextest, in a package with every kind of target.

mod support;

use support::{Ran, cargo};

fn test(arguments: &[&str]) -> Ran {
    cargo("flows", &[&["test"], arguments].concat())
}

fn nextest(arguments: &[&str]) -> Ran {
    cargo("flows", &[&["nextest"], arguments].concat())
}

#[test]
fn six_tasks_of_which_one_fails() {
    test(&["--test", "six"])
        .exits(101)
        .has(&["running 6 tests", "test test_a ... ok", "test test_d ... FAILED"])
        .has(&["test test_f ... FAILED", "failures:", "---- test_d ----"])
        .has(&["    publish", "      caused by: connecting to the broker"])
        .has(&["      caused by: no route to host", "---- test_f ----", "skipped: test_d failed"])
        .has(&["    test_d", "    test_f"])
        .lacks("test test_e ... FAILED");
}

#[test]
fn dependents_run_when_asked_to() {
    test(&["--test", "six", "--", "--run-dependents"]).exits(101).has(&["test test_f ... ok"]);
}

#[test]
fn a_filter_chooses_with_what_it_needs() {
    test(&["--test", "six", "test_b"])
        .exits(0)
        .has(&["running 2 tests", "test_b sees \"a\"", "test test_b ... ok"])
        .lacks("test_c");
}

#[test]
fn a_filter_without_a_match_is_no_error() {
    let ran = test(&["--tests", "no_such_task"]).exits(0);
    let zero = ran.out.matches("running 0 tests").count();
    assert!(zero >= 6, "{}", ran.out);
}

#[test]
fn exact_and_skip_are_whole_names() {
    test(&["--test", "six", "--", "--exact", "test_"]).exits(0).has(&["running 0 tests"]);
    test(&["--test", "layers", "--", "--skip", "l6_", "--skip", "l5_"])
        .exits(0)
        .has(&["running 23 tests"]);
}

#[test]
fn lists_run_nothing() {
    test(&["--test", "hooks", "--", "--list"])
        .exits(0)
        .has(&["work: test", "1 test, 0 benchmarks"])
        .lacks("a_first");
    test(&["--test", "six", "--", "--list", "--format", "terse"])
        .exits(0)
        .has(&["test_a: test", "test_f: test"])
        .lacks("benchmarks");
}

#[test]
fn ignored_tasks_run_when_asked_for() {
    test(&["--test", "values", "board"])
        .exits(0)
        .has(&["test board ... ignored, the board is not connected"]);
    test(&["--test", "values", "--", "--ignored"])
        .exits(0)
        .has(&["running 1 test", "test board ... ok"]);
    test(&["--test", "values", "flash", "--", "--include-ignored"]).exits(0).has(&[
        "running 2 tests",
        "test board ... ok",
        "test flash ... ok",
    ]);
}

#[test]
fn quiet_and_json_are_libtests() {
    // Tasks that print would break the row of characters.
    test(&["--test", "layers", "--", "-q"]).exits(0).has(&["running 35 tests", &".".repeat(35)]);
    let json = test(&["--test", "six", "--", "-Zunstable-options", "--format", "json"]).exits(101);
    let lines: Vec<serde_json::Value> =
        json.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let failed = |line: &&serde_json::Value| line["event"] == "failed" && line["type"] == "test";
    let names: Vec<&str> =
        lines.iter().filter(failed).filter_map(|line| line["name"].as_str()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert_eq!(lines.last().map(|line| line["passed"].clone()), Some(4.into()));
    test(&["--test", "six", "--", "--format", "json"]).exits(101).complains("-Z unstable-options");
}

#[test]
fn what_rust_analyzer_sends_is_understood() {
    test(&["--test", "six", "--", "test_b", "--exact", "--nocapture"])
        .exits(0)
        .has(&["test test_b ... ok"]);
    test(&[
        "--test",
        "values",
        "--",
        "nested::text",
        "--exact",
        "--show-output",
        "--include-ignored",
    ])
    .exits(0)
    .has(&["test nested::text ... ok"]);
}

#[test]
fn an_unknown_option_is_an_error() {
    test(&["--test", "six", "--", "--worker=3"]).exits(101).complains("--workers");
}

#[test]
fn a_wrong_plan_is_told_whole_and_runs_nothing() {
    let ran = cargo("flows", &["test", "-p", "broken", "--test", "wrong"]).exits(101);
    for part in [
        "`store` (broken/tests/wrong.rs:6) comes after `lod`, which is no task; did you mean `load`?",
        "2 tasks are named `twice`: broken/tests/wrong.rs:28, broken/tests/wrong.rs:33",
        "two_a -> two_b -> two_a",
        "three_a -> three_c -> three_b -> three_a",
    ] {
        assert!(ran.err.contains(part), "no {part:?} in\n{}", ran.err);
    }
    assert!(!ran.out.contains("running"), "{}", ran.out);
}

#[test]
fn a_process_that_ends_in_the_middle_is_no_success() {
    for (tag, name) in [("exit", "exits"), ("abort", ""), ("overflow", ""), ("segfault", "")] {
        let ran =
            cargo("flows", &["test", "-p", "broken", "--test", "crashes", "--", "--tags", tag]);
        assert_ne!(ran.code, Some(0), "{tag}: {}", ran.out);
        assert!(!ran.out.contains("test result: ok"), "{tag}: {}", ran.out);
        assert!(ran.err.contains(name), "{tag}: {}", ran.err);
    }
}

#[test]
fn failures_tell_what_they_are() {
    let ran =
        cargo("flows", &["test", "-p", "broken", "--test", "crashes", "--", "--tags", "panics"])
            .exits(101);
    for line in [
        "    panicked: the broker is down",
        "    panicked: a value that is not text (panic_any)",
        "    bad number: invalid digit found in string",
        "    Odd { code: 7 }",
    ] {
        assert!(ran.out.lines().any(|seen| seen == line), "no {line:?} in\n{}", ran.out);
    }
    assert!(ran.out.contains("broken/tests/crashes.rs:"), "{}", ran.out);
}

#[test]
fn a_linked_library_runs_and_others_do_not() {
    test(&["--test", "linked"]).exits(0).has(&[
        "running 4 tests",
        "test flows::provide ... ok",
        "test both ... ok",
    ]);
    test(&["--test", "six", "--", "--list"]).exits(0).lacks("flows::provide");
}

#[test]
fn a_test_of_its_packages_name_is_not_the_library() {
    test(&["--test", "flows"]).exits(0).has(&[
        "running 3 tests",
        r#"Ok("from the test") Ok("from the library")"#,
        "test both ... ok",
    ]);
}

#[test]
fn a_forgotten_harness_runs_the_plan_as_one_test() {
    test(&["--test", "forgotten"])
        .exits(0)
        .has(&["running 1 test", "test concurra ... ok"])
        .lacks("first ran");
}

#[test]
fn tasks_of_binaries_and_examples_do_not_run_in_tests() {
    let ran = test(&["--bins", "--examples"]).exits(0);
    assert!(!ran.out.contains("upload"), "{}", ran.out);
    cargo("flows", &["run", "-q", "--bin", "deploy"]).exits(0).has(&["test upload ... ok"]);
    cargo("flows", &["run", "-q", "--example", "ship"]).exits(0).has(&["test ship ... ok"]);
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
    let program = test(&["--test", "six", "--no-run", "--message-format=json"]).exits(0).out;
    let built = program.split_once(r#""name":"six""#).expect("cargo tells of the target").1;
    let path = built.split_once(r#""executable":""#).expect("cargo tells the path").1;
    let path = path.split_once('"').expect("a JSON string").0;
    let run = |name: &str| {
        std::process::Command::new(path)
            .args(["--exact", name, "--nocapture"])
            .env("NEXTEST", "1")
            .output()
            .expect("the test starts")
    };
    assert_eq!(run("test_z").status.code(), Some(101));
    assert!(String::from_utf8_lossy(&run("test_z").stderr).contains("`test_z`"));
    assert!(String::from_utf8_lossy(&run("test_a").stdout).contains("running 6 tests"));
}
