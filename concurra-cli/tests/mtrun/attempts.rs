//! Retries and timeouts: which tasks run again, which are abandoned, and the lines about them.

use crate::support::{Ran, mtrun};

const TARGET: &str = "broken/tests/attempts.rs";

fn attempts(tag: &str, more: &[&str]) -> Ran {
    mtrun(&[&[TARGET, "--tags", tag, "-w", "1"], more].concat())
}

#[test]
fn a_task_that_passes_at_a_later_attempt_is_flaky() {
    attempts("wobbly,steady", &["--retries", "2"])
        .exits(0)
        .prints(&["RETRY 1/3 [", "] wobbly: task: call 1\n"])
        .prints(&["RETRY 2/3 [", "] wobbly: task: call 2\n", "FLAKY 3/3 [", "] wobbly\n"])
        .prints(&["PASS [", "] steady\n"])
        .prints(&["==== 2 passed, 1 flaky in "]);
    attempts("wobbly", &["--retries=2", "-q"]).exits(0).prints(&[".\n==== 1 passed, 1 flaky in "]);
}

#[test]
fn a_flaky_task_fails_on_request() {
    attempts("wobbly", &["--retries=2", "--flaky-result", "fail"])
        .exits(100)
        .ended("FAIL wobbly")
        .prints(&["---- FAIL wobbly ----", "attempt 3 of 3", "flaky tasks count as failed"])
        .prints(&["attempt 1: task: call 1\n", "attempt 2: task: call 2\n"])
        .prints(&["wobbly --with-deps --retries=2 --flaky-result=fail\n"]);
    attempts("wobbly", &["--retries=2", "--flaky-result=pass"]).exits(0);
}

#[test]
fn too_few_attempts_fail() {
    attempts("wobbly", &[]).exits(100).ended("FAIL wobbly").prints(&["attempt 1 of 1"]);
    attempts("hopeless", &["--retries=2"])
        .exits(100)
        .prints(&["RETRY 2/3 [", "hopeless: panicked: task: no hope (again in 0.001s)\n"])
        .prints(&[
            "---- FAIL hopeless ----",
            "attempt 3 of 3, ",
            "s in all, at most 3600.000s each",
        ])
        .prints(&["==== 0 passed, 1 failed in "]);
}

#[test]
fn a_task_that_hangs_is_abandoned_and_the_next_has_its_worker() {
    attempts("hangs", &["--timeout=200ms", "--grace", "1ms"])
        .exits(100)
        .ended("TIMEOUT hangs, SKIP behind, PASS other")
        .prints(&["TIMEOUT [>", "] hangs\n"])
        .prints(&["---- TIMEOUT hangs ----", "attempt 1 of 1, ", "s of 0.200s, worker 0\n"])
        .prints(&["ran longer than its timeout of 200ms", "skipped because of it: behind\n"])
        .prints(&["run it again: ", "hangs --with-deps --timeout=200ms --grace=1ms\n"])
        .prints(&["==== 1 passed, 1 timed out, 1 skipped in "]);
    let ran = attempts("hangs", &["--timeout=50ms", "-q", "--grace=1ms"]).exits(100);
    let row = ran.out.lines().next().unwrap_or_default().chars().collect::<Vec<_>>();
    assert_eq!((row.len(), row.contains(&'T')), (3, true), "{}", ran.out);
}

#[test]
fn a_timeout_is_not_tried_again() {
    attempts("hangs", &["hangs", "--timeout=50ms", "--retries=3", "--grace=1ms"])
        .exits(100)
        .prints(&["attempt 1 of 4"])
        .lacks("RETRY");
}

#[test]
fn the_command_line_wins_over_the_settings_of_a_task() {
    for (more, once_more) in [
        (&[][..], "attempt 2 of 2"),
        (&["--retries=0"], "attempt 1 of 1"),
        (&["--retries=2"], "attempt 3 of 3"),
        (&["--retries=2", "--isolate"], "attempt 3 of 3"),
    ] {
        let ran = attempts("own", more).exits(100).prints(&["==== 0 passed, 2 failed in "]);
        let (_, blocks) = ran.out.split_once("---- FAIL once_more ----").expect("a block");
        let (first, second) = blocks.split_once("---- FAIL pay ----").expect("a block");
        assert!(first.contains(once_more), "{more:?}: {first}");
        assert!(second.contains("attempt 1 of 1"), "{more:?}: {second}");
    }
    attempts("own-limit", &["--timeout=50ms", "--grace=1ms"])
        .exits(100)
        .prints(&["ran longer than its timeout of 50ms"]);
}

#[test]
fn hooks_take_no_retries_from_the_command_line() {
    let ran = mtrun(&["hooks", "--retries=3", "--break=setup"]).exits(105).lacks("RETRY");
    assert_eq!(ran.out.matches("a_first env=None").count(), 1, "{}", ran.out);
}

#[test]
fn a_slow_task_is_shown() {
    attempts("hangs", &["--slow=50ms", "--timeout=2s", "--grace=1ms"]).exits(100).prints(&[
        "SLOW [>",
        "s] hangs\n",
        "TIMEOUT [>",
    ]);
}

#[test]
fn a_run_that_takes_too_long_is_not_complete() {
    attempts("hangs", &["hangs", "behind", "--run-timeout", "200ms", "--grace=1ms"])
        .exits(100)
        .prints(&["stopped as the run took too long: nothing more starts; cancelling "])
        .ended("CANCEL hangs behind")
        .prints(&["==== 0 passed, 2 cancelled in "]);
}

#[test]
fn bad_values_name_the_option_the_value_and_an_example() {
    let bad = |argument: &str, complaint: &str| {
        mtrun(&["six", argument]).exits(94).ended("").complains(complaint);
        mtrun(&["six", "--", argument]).exits(94).complains(complaint);
    };
    let times = "a time is needed, as in `500ms`, `5s` or `1m 30s`";
    bad("--timeout=5", &format!("`--timeout` cannot be `5`: {times}"));
    bad("--run-timeout=soon", &format!("`--run-timeout` cannot be `soon`: {times}"));
    bad("--grace=1,5s", &format!("`--grace` cannot be `1,5s`: {times}"));
    bad(
        "--timeout=0s",
        "`--timeout` cannot be `0s`: zero leaves no time to run; leave the option out",
    );
    bad("--slow=0ms", "`--slow` cannot be `0ms`");
    bad("--retries=-1", "`--retries` cannot be `-1`: a whole number is needed, as in `2`");
    bad("--retries=many", "`--retries` cannot be `many`");
    bad("--retries=4294967296", "cannot be `4294967296`: the largest number is 4294967295");
    bad("--timeout=18446744073709551616s", "it is too long; write a shorter time");
    bad(&format!("--grace={}d", "9".repeat(99)), "it is too long");
    bad("--flaky-result=ok", "`--flaky-result` cannot be `ok`: one of pass, fail is needed");
    mtrun(&["six", "--timeout"]).exits(94).complains("write `--timeout=VALUE`");
    mtrun(&["six", "--retires=2"]).exits(94).complains("`--retries`");
}

#[test]
fn libtest_has_its_own_words() {
    let json = ["-Zunstable-options", "--format=json"];
    attempts("wobbly", &[&["--retries=2"], &json[..]].concat())
        .exits(0)
        .prints(&[r#"{"event":"ok","exec_time":"#, r#""name":"wobbly","type":"test"}"#]);
    attempts("hangs", &[&["hangs", "--timeout=50ms", "--grace=1ms"], &json[..]].concat())
        .exits(100)
        .prints(&[r#""event":"failed""#, r#""name":"hangs""#]);
}
