//! Reports as events happen, of targets that die or do not build, in Markdown, and without `mtrun`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use concurra_cli::options::Format;
use concurra_cli::replay::replay;
use serde_json::Value;

use crate::support::{Fresh, Ran, Running, command, flows, mtrun, scratch_folder, until};

const SIGINT: i32 = 2;
const SIGKILL: i32 = 9;

fn option(kind: &str, path: &Path) -> String {
    format!("--report={kind}={}", path.display())
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a report")
}

/// Each target with the reason why its run never ended.
fn lost(text: &str) -> Vec<(String, Option<String>)> {
    let report: Value = serde_json::from_str(text).unwrap_or_else(|why| panic!("{why}: {text}"));
    let targets = report["targets"].as_array().expect("targets").iter();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    targets
        .map(|target| (text(&target["target"]).expect("a name"), text(&target["lost"])))
        .collect()
}

/// The events in a file, as `target event name`.
fn events(text: &str) -> Vec<String> {
    let word = |event: &Value, key: &str| event[key].as_str().unwrap_or("-").to_owned();
    let event = |line: &str| {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"));
        ["target", "event", "name"].map(|key| word(&event, key)).join(" ")
    };
    text.lines().map(event).collect()
}

#[test]
fn a_target_that_died_is_in_every_report_and_the_others_are_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let [json, lines, md] = ["json", "jsonl", "md"].map(|kind| option(kind, &path(kind)));
    let targets = ["broken/tests/crashes.rs::aborts", "tests/six.rs::test_a"];
    mtrun(&[&targets[..], &[&json, &lines, &md]].concat()).exits(100);
    let lost = lost(&read(&path("json")));
    let [(crashed, Some(why)), (six, None)] = &lost[..] else { panic!("{lost:?}") };
    assert_eq!((crashed.as_str(), six.as_str()), ("broken/tests/crashes.rs", "tests/six.rs"));
    assert!(why.starts_with("the run did not finish: its process was killed by SIGABRT"), "{why}");
    assert!(why.contains("while running: aborts"), "{why}");
    let seen = events(&read(&path("jsonl")));
    let expected = [
        "broken/tests/crashes.rs run_started broken::crashes",
        "broken/tests/crashes.rs ready aborts",
        "broken/tests/crashes.rs started aborts",
        "broken/tests/crashes.rs run_lost -",
        "tests/six.rs run_started six",
        "tests/six.rs ready test_a",
        "tests/six.rs started test_a",
        "tests/six.rs finished test_a",
        "tests/six.rs run_finished -",
    ];
    // A process that dies at once may not have sent everything.
    assert!(seen.len() > 5, "{seen:#?}");
    assert_eq!(seen[seen.len() - 5..], expected[4..], "{seen:#?}");
    let md = read(&path("md"));
    assert!(md.starts_with("# Failed\n") && md.contains("| did not finish |"), "{md}");
    assert!(md.contains("| `tests/six.rs` | 1 passed | "), "{md}");
}

#[test]
fn targets_that_cargo_cannot_build_are_in_the_report() {
    let package = Fresh::package("unbuilt", "");
    package.write("tests/good.rs", "#[concurra::task]\nfn good() {}\nconcurra::main!();\n");
    package.write("tests/bad.rs", "#[concurra::task]\nfn bad() { no such thing }\n");
    let path = package.path("r.json");
    Ran::of(&mut package.command(&[&option("json", &path)])).exits(101);
    let mut lost = lost(&read(&path));
    lost.sort();
    let names = lost.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    assert_eq!(names, ["tests/bad.rs", "tests/good.rs"]);
    assert!(lost.iter().all(|(_, why)| why.is_some()), "{lost:?}");
}

#[test]
fn a_target_whose_plan_is_wrong_is_in_the_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.json");
    mtrun(&["broken/tests/wrong.rs", &option("json", &path)]).exits(96);
    let lost = lost(&read(&path));
    let [(_, Some(why))] = &lost[..] else { panic!("{lost:?}") };
    assert!(why.contains("no task"), "{why}");
}

#[test]
fn events_are_written_when_they_happen_and_stay_when_mtrun_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.jsonl");
    let running = Running::start(|gate| {
        command(&flows(), &["slow", &gate.argument(), &option("jsonl", &path)])
    });
    // Nothing else happens while the task waits.
    until(|| read(&path).contains("\"event\":\"started\"").then_some(()));
    running.signal(SIGKILL);
    let text = until(|| Some(read(&path)).filter(|text| text.ends_with('\n')));
    let seen = events(&text);
    assert!(seen[0].starts_with("tests/slow.rs run_started"), "{seen:?}");
    assert!(!text.contains("run_finished"), "{text}");
    running.gate().open();
}

#[test]
fn a_run_that_a_third_signal_ends_is_reported_as_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.json");
    let mut running = Running::start(|gate| {
        let report = option("json", &path);
        command(&flows(), &["slow", &gate.argument(), &report, "--grace=1h"])
    });
    running.signal(SIGINT);
    // Two signals at once would be one.
    running.prints("Ctrl-C again cancels them");
    running.signal(SIGINT);
    running.prints("WAIT");
    running.signal(SIGINT);
    assert_eq!(running.end().0, Some(130));
    let expected =
        ("tests/slow.rs".to_owned(), Some("the run was stopped before its end".to_owned()));
    assert_eq!(lost(&read(&path)), [expected]);
}

#[test]
fn a_summary_in_markdown_has_the_failures_under_their_root_and_the_slowest_tasks() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.md");
    mtrun(&["six", &option("md", &path), "-w", "1"]).exits(100);
    let text = read(&path);
    let (summary, slowest) = text.split_once("\n## Slowest tasks\n\n").expect(&text);
    assert!(
        summary.starts_with("# Failed\n\n| target | tasks | time |\n|---|---|---|\n"),
        "{text}"
    );
    assert!(summary.contains("| `tests/six.rs` | 4 passed, 1 failed, 1 skipped | "), "{text}");
    assert!(summary.contains("\n## `tests/six.rs::test_d` failed\n\nAttempt 1 of 1, "), "{text}");
    assert!(summary.contains("declared at `tests/six.rs:"), "{text}");
    assert!(summary.ends_with("\n\nSkipped because of it: `test_f`.\n"), "{text}");
    assert!(slowest.starts_with("| task | time |\n|---|---|\n| `tests/six.rs::test_"), "{text}");
}

#[test]
fn a_recorded_run_of_isolated_tasks_looks_as_the_live_one_did() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.jsonl");
    for format in [Format::Pretty, Format::Terse] {
        let mut args = vec!["broken/tests/isolated.rs", "--tags=loud,fails,good", "--show-output"];
        let lines = option("jsonl", &path);
        args.push(&lines);
        args.extend((format == Format::Terse).then_some("-q"));
        let ran = mtrun(&args).exits(100);
        let mut shown = Vec::new();
        replay(read(&path).as_bytes(), true, format, true, &mut shown).expect("it is shown");
        let shown = String::from_utf8(shown).expect("text");
        assert_eq!(shown, ran.out);
        assert!(shown.contains("task: failing out"), "{shown}");
    }
}

/// The program of the target `six`.
fn six() -> PathBuf {
    mtrun(&["six", "--list"]).exits(0);
    let deps = scratch_folder().join("fixtures/debug/deps");
    let entries = fs::read_dir(deps).expect("a folder").flatten().map(|entry| entry.path());
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("six-") && path.extension().is_none()
    };
    let time = |path: &PathBuf| fs::metadata(path).and_then(|found| found.modified()).ok();
    entries.filter(is_ours).max_by_key(time).expect("it is built")
}

#[test]
fn a_binary_by_itself_writes_reports_but_replaces_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.json");
    let run = |options: &[&str]| Ran::of(Command::new(six()).current_dir(flows()).args(options));
    let into = option("json", &path);
    run(&["test_a", &into]).exits(0).prints(&["test result: ok. 1 passed"]);
    assert_eq!(lost(&read(&path)), [("tests/six.rs".to_owned(), None)]);
    let first = read(&path);
    run(&["test_a", &into]).exits(101).ended("").complains(
        "r.json` exists; an earlier run or another target may have written it; remove it, or run mtrun",
    );
    assert_eq!(read(&path), first);
    let named = option("md", &folder.path().join("{target}.md"));
    run(&["test_a", &named]).exits(0);
    assert!(read(&folder.path().join("six.md")).starts_with("# Passed\n"));
    // No other target can have written a device.
    run(&["test_a", "--report=json=/dev/null"]).exits(0);
}

#[test]
fn reports_that_would_spoil_each_other_are_refused() {
    let refused = |options: &[&str], why: &str| {
        mtrun(&[&["six"], options].concat()).exits(94).ended("").complains(why);
    };
    refused(
        &["--report=json=-", "--report=jsonl=-"],
        "`--report` cannot be `jsonl=-`: another report goes to stdout already; name another file",
    );
    refused(
        &["--report=json=r", "--report=md=r"],
        "`--report` cannot be `md=r`: another report goes to this file already; name another file",
    );
    refused(
        &["--report=json=src/r", "--report=md=src/../src/r"],
        "another report goes to this file already; name another file",
    );
    refused(
        &["--report=json={target}.json"],
        "is for binaries by themselves: mtrun writes one report over all targets; leave it out",
    );
    refused(&["--report=jsn=r"], "did you mean `json`");
}
