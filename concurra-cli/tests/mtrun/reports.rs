//! `--report KIND=FILE`: one file over all targets, and no secrets in it.

use std::path::Path;

use serde_json::Value;

use crate::support::{mtrun, scratch_folder};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn outcomes(report: &Value) -> Vec<(String, String)> {
    let text = |task: &Value, key: &str| task[key].as_str().unwrap_or_default().to_owned();
    let tasks = report["tasks"].as_array().expect("tasks");
    tasks.iter().map(|task| (text(task, "name"), text(task, "outcome"))).collect()
}

/// The targets of a report, with the number of their tasks.
fn targets(text: &str) -> Vec<(String, usize)> {
    let report = parsed(text);
    let targets = report["targets"].as_array().expect("targets").iter();
    let target = |target: &Value| {
        let tasks = target["tasks"].as_array().expect("tasks").len();
        (target["target"].as_str().expect("a name").to_owned(), tasks)
    };
    targets.map(target).collect()
}

fn owned((name, tasks): (&str, usize)) -> (String, usize) {
    (name.to_owned(), tasks)
}

/// The option that writes into this file.
fn into(path: &Path) -> String {
    format!("--report=json={}", path.display())
}

#[test]
fn a_file_has_every_task() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (folder.path().join("one.json"), folder.path().join("two.json"));
    std::fs::write(&one, "what an earlier run left, and it is longer than nothing")
        .expect("a file");
    mtrun(&["six", &into(&one), &into(&two), "-w", "1"])
        .exits(100)
        .prints(&["==== 4 passed, 1 failed, 1 skipped in "]);
    let text = std::fs::read_to_string(&one).expect("a report");
    let report = &parsed(&text)["targets"][0];
    assert_eq!((&report["schema_version"], &report["good"]), (&2.into(), &false.into()));
    assert_eq!((&report["target"], &report["lost"]), (&"tests/six.rs".into(), &Value::Null));
    let expected = ["passed", "passed", "passed", "failed", "passed", "skipped"];
    let names = ["test_a", "test_b", "test_c", "test_d", "test_e", "test_f"];
    let mut seen = outcomes(report);
    seen.sort();
    let expected = names.into_iter().zip(expected).map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(seen, expected.collect::<Vec<_>>(), "{text}");
    assert_eq!(std::fs::read_to_string(&two).expect("a report"), text);
}

#[test]
fn stdout_has_only_the_report() {
    let ran = mtrun(&["hooks", "--report", "json=-", "--isolate"]).exits(0);
    let line = ran.out.lines().find(|line| line.starts_with('{')).expect(&ran.out);
    assert_eq!(parsed(line)["schema_version"], 2);
    assert!(!ran.out.contains("PASS") && !ran.out.contains("===="), "{}", ran.out);
    ran.complains("PASS").complains("==== ");
}

#[test]
fn several_targets_are_in_one_object() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("all.json");
    std::fs::write(&file, "what an earlier run left").expect("a file");
    mtrun(&["six", "layers", &into(&file)]).exits(100);
    let text = std::fs::read_to_string(&file).expect("a report");
    assert_eq!(targets(&text), [("tests/six.rs", 6), ("tests/layers.rs", 35)].map(owned));
    // Where nothing was selected no task is.
    mtrun(&["six", "layers", "test_a", &into(&file)]).exits(0);
    let text = std::fs::read_to_string(&file).expect("a report");
    assert_eq!(targets(&text), [("tests/six.rs", 1), ("tests/layers.rs", 0)].map(owned));
}

#[test]
fn a_call_that_runs_no_task_takes_no_option_that_writes_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("none");
    let log = format!("--log-dir={}", file.display());
    for show in ["--list", "--graph", "--dry-run"] {
        for (option, name) in [(into(&file), "--report"), (log.clone(), "--log-dir")] {
            for words in [&["six"][..], &["six", "layers"]] {
                mtrun(&[words, &[show, &option]].concat())
                    .exits(94)
                    .ended("")
                    .complains(&format!("`{name}` has no effect beside `{show}`"));
            }
        }
    }
    assert!(!file.exists());
    // `mtrun` asks several targets about tags by itself.
    let dir = format!("--log-dir={}", folder.path().join("logs").display());
    mtrun(&["six", "layers", "--tags", "layer1", &into(&file), &dir]).exits(0);
    assert!(file.exists());
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    mtrun(&["hooks", "--report=json=/dev/full"]).exits(110).prints(&["passed in "]).complains(
        "error: `--report`: the report `/dev/full` cannot be written: No space left on device",
    );
    // The first in the order of the exit codes counts.
    mtrun(&["six", "--report=json=/dev/full"]).exits(110).prints(&["1 failed"]);
    mtrun(&["hooks", "--break=setup", "--report=json=/dev/full"]).exits(105);
    let nowhere = scratch_folder().join("no/such/folder/r.json");
    mtrun(&["hooks", &into(&nowhere)])
        .exits(110)
        .ended("")
        .complains("r.json` cannot be written: ")
        .complains("; nothing was run\n");
    mtrun(&["hooks", "six", &into(&nowhere)]).exits(110).complains("; nothing was run\n");
}

#[test]
fn other_kinds_are_refused() {
    let refused = |value: &str, why: &str| {
        mtrun(&["six", "--report", value]).exits(94).ended("").complains(why);
    };
    let known =
        "`--report` cannot be `xml=r`: write `--report KIND=FILE`; KIND is one of json, jsonl, md";
    refused("xml=r", known);
    refused("junit=r", "`junit` is not supported by this version");
    refused("json", "`--report` cannot be `json`: a file is missing; write `--report json=FILE`");
    refused("json=", "a file is missing");
}

#[test]
fn a_secret_is_in_no_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("r.json");
    let target = "broken/tests/attempts.rs";
    let secret = ["--tags=secret", "--token=hush hush", "--retries=1", "--log"];
    for more in [&[][..], &["-q"], &["--show-output"], &["-Zunstable-options", "--format=json"]] {
        mtrun(&[&[target, &into(&file)], &secret[..], more].concat()).exits(100).lacks("hush");
        let text = std::fs::read_to_string(&file).expect("a report");
        assert!(!text.contains("hush") && text.contains("the token is ***"), "{text}");
    }
    let hint = "    *** is a secret that is not shown; put it there before you run this\n";
    mtrun(&[&[target], &secret[..]].concat())
        .prints(&["RETRY 1/2 [", "] leaks: task: the token is ***\n"])
        .prints(&["---- FAIL leaks ----", "task: the token is ***\n"])
        .prints(&[&format!("leaks --with-deps '--token=***' --retries=1\n{hint}")])
        .prints(&["  stdout:\n    out: ***\n  stderr:\n    err: ***\n"]);
}

#[test]
fn a_short_secret_masks_no_word_of_mtrun() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("r.json");
    let target = "broken/tests/attempts.rs::leaks";
    for token in ["1", "a", "e", "leaks", "--"] {
        let param = format!("--set=token={token}");
        mtrun(&[target, &into(&file), &param, "--retries=1"])
            .exits(100)
            .prints(&["RETRY 1/2 [", "] leaks: "])
            .prints(&[
                "FAIL [",
                "] leaks\n",
                "---- FAIL leaks ----\n",
                "  declared at broken/tests/",
            ])
            .prints(&["  attempt 2 of 2, ", ", worker ", "  attempt 1: "])
            .prints(&["attempts.rs::leaks '--token=***' --retries=1\n"])
            .prints(&["    *** is a secret that is not shown; put it there before you run this\n"])
            .prints(&["==== 0 passed, 1 failed in "]);
        let report = &parsed(&std::fs::read_to_string(&file).expect("a report"))["targets"][0];
        assert_eq!(outcomes(report), [("leaks".to_owned(), "failed".to_owned())]);
        assert_eq!((&report["tasks"][0]["attempts"], &report["good"]), (&2.into(), &false.into()));
    }
}
