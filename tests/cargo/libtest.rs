//! `cargo test`, in libtest's words.

use crate::executable;
use crate::support::{Ran, cargo};

fn test(arguments: &[&str]) -> Ran {
    cargo("flows", &[&["test"], arguments].concat())
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
fn json_is_json_also_where_nothing_runs() {
    let json = ["--", "no_such_task", "-Zunstable-options", "--format", "json"];
    let ran = test(&[&["-q", "--test", "six"], &json[..]].concat()).exits(0);
    let lines = ran.out.lines().map(|line| serde_json::from_str(line).expect(line));
    let lines: Vec<serde_json::Value> = lines.collect();
    assert_eq!(lines.len(), 2, "{}", ran.out);
    assert_eq!((&lines[0]["test_count"], &lines[1]["event"]), (&0.into(), &"ok".into()));
}

#[test]
fn exact_and_skip_are_whole_names() {
    test(&["--test", "six", "--", "--exact", "test_"]).exits(0).has(&["running 0 tests"]);
    test(&["--test", "layers", "--", "--skip", "l6_", "--skip", "l5_"])
        .exits(0)
        .has(&["running 23 tests"]);
}

#[test]
fn dependents_of_a_skipped_name_are_ignored() {
    let ran = test(&["--test", "six", "--", "--skip", "test_d", "--skip", "test_b"])
        .exits(0)
        .has(&["running 4 tests", "test test_f ... ignored, skipped: test_b is excluded"]);
    let counts = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out;";
    assert!(ran.out.contains(counts), "{}", ran.out);
    test(&["--test", "six", "--", "--skip=test_a", "test_f"]).exits(0).has(&["running 0 tests"]);
}

#[test]
fn no_tests_decides_what_nothing_selected_means() {
    let with = |more: &str| test(&["-q", "--test", "six", "--", "zzz", more]);
    with("--no-tests=pass").exits(0).lacks("nothing was selected");
    with("--no-tests=warn").exits(0).complains("warning: nothing was selected\n");
    with("--no-tests=fail").exits(101).complains("error: nothing was selected\n");
    test(&["-q", "--test", "six", "--", "test_a", "--no-tests=fail"]).exits(0);
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
fn a_slow_task_is_reported() {
    let slow = ["--slow=50ms", "--timeout=2s", "--grace=1ms"];
    let test = ["test", "-p", "broken", "--test", "attempts", "hangs", "--"];
    let ran = cargo("flows", &[&test[..], &slow].concat()).exits(101);
    let ran = ran.has(&["test hangs ... FAILED"]);
    // How long a task has run when the line is due depends on the machine.
    let is_slow = |line: &str| line.starts_with("test hangs has been running for over ");
    assert!(ran.out.lines().any(is_slow), "{}", ran.out);
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
    // For the tests of a whole file it sends an empty filter, which is part of every name.
    test(&["--test", "linked", "--", "", "--show-output"]).exits(0).has(&["running 4 tests"]);
}

#[test]
fn a_reader_that_left_before_help_is_no_error() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut command = std::process::Command::new(executable("six", &[]));
    let output = command.arg("--help").stdout(writer).output().expect("the test starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*errors), (Some(0), ""));
}

#[test]
fn an_unknown_option_is_an_error() {
    test(&["--test", "six", "--", "--worker=3"]).exits(101).complains("--workers");
}

#[test]
fn a_wrong_plan_shows_all_problems_and_runs_nothing() {
    let ran = cargo("flows", &["test", "-p", "broken", "--test", "wrong"]).exits(101);
    for part in [
        "`store` (broken/tests/wrong.rs:6) comes after `lod`, but no task has that name; did you mean `load`?",
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
fn a_process_that_ends_outside_of_tasks_is_no_success() {
    let ends = |place: &str| {
        let ran = cargo("flows", &["test", "-p", "broken", "--test", "ends", "--", place]);
        assert_ne!(ran.code, Some(0), "{place}: {}", ran.out);
        ran
    };
    ends("--in-setup=exit").complains("process::exit was called while running: setup prepare");
    ends("--in-teardown=exit").complains("process::exit was called while running: teardown clean");
    ends("--in-setup=abort");
    ends("--in-drop=exit").complains("while running: the drop of results and state");
    ends("--in-drop=panic").complains("a bad end").complains("panicked when it was dropped");
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
fn a_text_of_a_task_breaks_no_line() {
    let texts = ["-p", "broken", "--test", "texts", "--", "--tags", "line"];
    let pretty = test(&[&texts[..], &["--test-threads=1"]].concat()).exits(101);
    let lines = [
        r"test ignored ... ignored, not today\ntest forged ... ok",
        r"test skipped ... ignored, skipped: no board\ntest forged ... ok\u{1b}[31m",
        r"test below ... ignored, skipped: skipped skipped: no board\ntest forged ... ok\u{1b}[31m",
        "test skipped_for_nothing ... ignored, skipped",
        r"  attempt 1: \u{1b}[31mred ...",
    ];
    for line in lines {
        assert!(pretty.out.lines().any(|seen| seen == line), "no {line:?} in\n{}", pretty.out);
    }
    assert!(!pretty.out.lines().any(|line| line == "test forged ... ok"), "{}", pretty.out);
    let terse = test(&[&texts[..], &["-q", "-w1"]].concat()).exits(101);
    let has_row = |row: &str| terse.out.lines().any(|line| line == row);
    assert!(has_row("iiiFi") || has_row("iiFii"), "{}", terse.out);
    let json = ["-q", "-Zunstable-options", "--format", "json"];
    let json = test(&[&texts[..], &json[..]].concat()).exits(101);
    let lines = json.out.lines().map(|line| serde_json::from_str(line).expect(line));
    let lines: Vec<serde_json::Value> = lines.collect();
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    assert!(messages.contains(&"skipped: no board\ntest forged ... ok\u{1b}[31m"), "{messages:?}");
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
fn a_list_as_json_is_libtests() {
    let list = ["--list", "--format", "json", "-Z", "unstable-options"];
    let ran = test(&[&["-q", "-p", "broken", "--test", "sets", "--"], &list[..]].concat()).exits(0);
    let lines = ran.out.lines().map(|line| serde_json::from_str(line).expect(line));
    let lines: Vec<serde_json::Value> = lines.collect();
    assert_eq!(lines[0], serde_json::json!({"type": "suite", "event": "discovery"}));
    let middle = serde_json::json!({
        "type": "test", "event": "discovered", "name": "middle", "ignore": true,
        "ignore_message": "not today", "source_path": "broken/tests/sets.rs", "start_line": 17,
        "start_col": 4, "end_line": 17, "end_col": 10,
    });
    assert_eq!(lines[3], middle);
    let end = serde_json::json!({
        "type": "suite", "event": "completed", "tests": 6, "benchmarks": 0, "total": 6, "ignored": 2,
    });
    assert_eq!(lines[7..], [end]);
}
