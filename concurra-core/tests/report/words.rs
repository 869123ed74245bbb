//! Concurra's own words, keys and fields are never masked; texts of users are.

use std::collections::BTreeMap;
use std::time::Duration;

use concurra_core::{Report, Runner};
use serde_json::json;

use crate::json::FIELDS;
use crate::support::{keys, run, text};

/// Parts of nearly every word and number of ours.
const SECRETS: [&str; 7] = ["pass", "a", "e", "i", "s", "0", "1"];

/// A runner with a command that succeeds and has the secrets.
fn with_secrets() -> Runner {
    let mut runner = Runner::new().workers(1);
    let mut command = runner.shell("x", "echo 'but why'; echo \"$S0\" >&2");
    for (number, secret) in SECRETS.iter().enumerate() {
        command = command.secret_env(format!("S{number}"), *secret);
    }
    runner
}

/// A run in which each kind of ending has a task; none of the names has a secret.
fn endings() -> Report {
    let mut runner = with_secrets();
    runner.add("y", || Err::<(), _>("sad")).retries(1);
    runner.add("z", || ()).after(["y"]);
    runner.add("skip", || -> () { concurra_core::skip("no board") });
    runner
        .add("w", || std::thread::sleep(Duration::from_secs(3600)))
        .timeout(Duration::from_millis(20));
    // Long enough for a command to start on a busy machine.
    runner.command("v", ["sleep", "1000"]).timeout(Duration::from_millis(400)).retries(1);
    run(runner.retry_timeouts(true))
}

#[test]
fn the_table_keeps_its_words() {
    assert_eq!(
        text(&endings()),
        "\
label    | task                                 | outcome             | duration
x        | ***cho 'but why'; ***cho \"$S***\" >&2 | passed              |   0.000s
y        | closure                              | failed              |   0.000s
z        | closure                              | skipped: y failed   |        -
***k***p | closure                              | skipped: no bo***rd |   0.000s
w        | closure                              | timed_out           |   0.000s
v        | ***l******p ************             | timed_out           |   0.000s

failed: y (attempt 2 of 2)
  ******d
  declared at @
  attempt 1: ******d

timed_out: w
  ran longer than its timeout of 20ms
  declared at @

timed_out: v (attempt 2 of 2)
  ran longer than its timeout of 400ms
  declared at @
  attempt 1: ran longer than its timeout of 400ms

warning: still running after the end: w

1 passed, 1 failed, 2 timed out, 2 skipped in 0.00s"
    );
}

#[test]
fn json_keeps_its_keys_and_words() {
    let json = endings().to_json();
    assert_eq!((&json["good"], &json["counts"]["timed_out"]), (&json!(false), &json!(2)));
    let tasks = json["tasks"].as_array().expect("a list");
    tasks.iter().for_each(|task| assert_eq!(keys(task), FIELDS.into()));
    assert_eq!(
        tasks[0]["result"],
        json!({
            "command": "***cho 'but why'; ***cho \"$S***\" >&2", "shell": true, "returncode": 0,
            "stdout": "but why\n", "stderr": "***\n", "cwd": null,
        })
    );
    let all = |field: &str| tasks.iter().map(|task| task[field].clone()).collect::<Vec<_>>();
    assert_eq!(all("name"), ["x", "y", "z", "***k***p", "w", "v"]);
    assert_eq!(all("task")[1..5], ["closure"; 4]);
    let outcomes = ["passed", "failed", "skipped", "skipped", "timed_out", "timed_out"];
    assert_eq!(all("outcome"), outcomes);
    assert_eq!(all("error")[1], "******d");
    assert_eq!(all("error")[4], "ran longer than its timeout of 20ms");
    assert_eq!(all("retry_errors")[1], json!(["******d", "******d"]));
    assert_eq!(all("retry_errors")[5], json!(["ran longer than its timeout of 400ms"]));
    assert_eq!(keys(&tasks[5]["result"]), keys(&tasks[0]["result"]));
    assert_eq!(all("cause")[2..4], ["y failed", "no bo***rd"]);
    assert_eq!(all("execution_mode")[..2], ["subprocess", "thread"]);
    assert_eq!(json["warnings"], json!(["still running after the end: w"]));
}

#[test]
fn keys_and_numbers_of_a_result_of_the_users_may_be_secret() {
    let mut runner = with_secrets();
    runner.add("y", || BTreeMap::from([("pass", 1_i64), ("pin", 10)].map(owned)));
    runner.add("n", || vec![1, 10, 7]);
    let json = run(runner).to_json();
    assert_eq!(json["tasks"][1]["result"], json!({"***": "***", "p***n": 10}));
    assert_eq!(json["tasks"][2]["result"], json!(["***", 10, 7]));
}

fn owned<T>((key, value): (&str, T)) -> (String, T) {
    (key.to_owned(), value)
}

#[test]
fn names_from_run_time_are_masked_everywhere() {
    let mut runner = Runner::new().name("deploy tok-12345");
    runner.command("login", ["true"]).secret_env("TOKEN", "tok-12345");
    runner.add("with tok-12345", || Err::<(), _>("no")).after(["login"]).tags(["tok-12345", "x"]);
    runner.add("below", || ()).after(["with tok-12345"]);
    runner
        .add("hangs on tok-12345", || std::thread::sleep(Duration::from_secs(3600)))
        .timeout(Duration::from_millis(10));
    let runner = runner.on_run_done(|_| panic!("tok-12345"));
    let report = run(runner.on_task_done(|_| panic!("tok-12345")));
    let (json, text) = (report.to_json(), text(&report));
    let error = report.verify_with("tok-12345").expect_err("it failed").to_string();
    for all in [&json.to_string(), &text, &error] {
        assert!(!all.contains("12345"), "{all}");
    }
    assert_eq!(json["name"], "deploy ***");
    assert_eq!(json["tasks"][1]["name"], "with ***");
    assert_eq!(json["tasks"][1]["tags"], json!(["***", "x"]));
    assert_eq!(json["tasks"][2]["cause"], "with *** failed");
    assert!(text.contains("\nwith ***     | closure | failed"), "{text}");
    assert!(text.contains("\ndeploy ***: 1 passed"), "{text}");
    // Who knows the name finds the task.
    assert_eq!(report["with tok-12345"].planned().tags().next(), Some("tok-12345"));
}
