//! What tasks and hooks print beside data and beside our own lines.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::support::{Ran, command, flows, mtrun, scratch_folder};

const PRINTED: &[&str] = &[
    "{begins}",
    "{begins directly}",
    "{prints}",
    "{prints again}",
    "{and again}",
    "{flushes}",
    "{on a thread}",
    "{in C}",
    "{written}",
    "{by a child}",
    "{ends}",
];
const JSON: &[&str] = &["--format=json", "-Zunstable-options"];

/// The program of a target of the package `broken`.
fn program(target: &str) -> PathBuf {
    mtrun(&["-p", "broken", target, "--list"]).exits(0);
    let deps = scratch_folder().join("fixtures/debug/deps");
    let entries = fs::read_dir(deps).expect("a folder").flatten().map(|entry| entry.path());
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let hash = name.strip_prefix(target).and_then(|rest| rest.strip_prefix('-'));
        hash.is_some() && path.extension().is_none()
    };
    let time = |path: &PathBuf| fs::metadata(path).and_then(|found| found.modified()).ok();
    entries.filter(is_ours).max_by_key(time).expect("it is built")
}

/// Runs a target by itself, as `cargo test` does.
fn alone(options: &[&str]) -> Ran {
    let broken = flows().join("broken");
    Ran::of(Command::new(program("noisy")).current_dir(broken).args(options))
}

/// What was printed is among the errors, and nothing but the lines of JSON in the output.
#[track_caller]
fn only_json(ran: &Ran) -> Vec<Value> {
    for text in PRINTED {
        assert!(ran.err.contains(text), "no {text} in:\n{}", ran.err);
    }
    let read = |line| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"));
    ran.out.lines().map(read).collect()
}

#[test]
fn standard_output_has_only_lines_of_json() {
    let mtrun = |targets: &[&str]| mtrun(&[&["-p", "broken"], targets, JSON].concat());
    for ran in [alone(JSON), mtrun(&["noisy"]), mtrun(&["noisy_test"])] {
        let lines = only_json(&ran.exits(0));
        assert_eq!(lines.last().expect("lines")["passed"], 8);
    }
    let both = mtrun(&["noisy", "noisy_test"]);
    assert_eq!(only_json(&both.exits(0)).len(), 2 * (2 + 2 * 8));
}

#[test]
fn standard_output_has_only_the_report() {
    for kind in ["json", "jsonl", "md"] {
        let report = format!("--report={kind}=-");
        let alone = alone(&[&report]);
        let ours = mtrun(&["-p", "broken", "noisy", &report]);
        let both = mtrun(&["-p", "broken", "noisy", "noisy_test", &report]);
        for (ran, targets) in [(alone, 1), (ours, 1), (both, 2)] {
            let ran = ran.exits(0);
            if kind == "md" {
                assert!(ran.out.starts_with("# Passed\n\n| target |"), "{}", ran.out);
                assert!(!ran.out.contains('{'), "{}", ran.out);
                continue;
            }
            let lines = only_json(&ran);
            match kind {
                "json" => assert_eq!(lines[0]["targets"].as_array().map(Vec::len), Some(targets)),
                _ => assert_eq!(lines.last().expect("lines")["event"], "run_finished"),
            }
        }
    }
}

#[test]
fn standard_output_stays_for_data_when_a_run_fails() {
    let fails = |options: &[&str]| {
        let mut command = Command::new(program("noisy"));
        Ran::of(command.current_dir(flows()).env("FAILS", "1").args(options)).exits(101)
    };
    let lines = only_json(&fails(JSON));
    assert_eq!(lines.last().expect("lines")["event"], "failed");
    only_json(&fails(&["--report=json=-"])).remove(0);
}

#[test]
fn two_reports_on_standard_output_are_an_error() {
    for second in ["json=-", "md=-", "jsonl=/dev/stdout", "json=/proc/self/fd/1"] {
        let options = ["--report=json=-", "--report", second];
        let why = "another report goes to stdout already; name another file";
        for targets in [&["noisy"][..], &["noisy", "noisy_test"]] {
            let words = [&["-p", "broken"], targets, &options].concat();
            mtrun(&words).exits(94).complains(why).lacks("{begins}");
        }
        alone(&options).exits(101).complains(why).lacks("{begins}");
    }
}

#[test]
fn our_lines_start_on_lines_of_their_own() {
    let run = |command: &mut Command| Ran::of(command.env("BUFFERED", "1"));
    let tags = "--tags=buffered";
    let alone = run(Command::new(program("noisy")).current_dir(flows()).arg(tags));
    let ours = run(&mut command(&flows(), &["-p", "broken", "noisy", tags])).exits(0);
    let ours = ours.ended("PASS tasks::prints tasks::prints_again");
    for (ran, end) in [(alone, "\ntest result: ok. 2 passed"), (ours, "\n==== 2 passed")] {
        let ran = ran.exits(0).prints(&[end]);
        for line in ran.out.lines() {
            let is_ours = line.contains("test ") || line.contains("PASS") || line.contains("====");
            assert!(!is_ours || !line.contains('{'), "{line:?} in:\n{}", ran.out);
        }
        // Nothing is printed after the closing line.
        assert!(ran.out.contains("{ends}\n"), "{}", ran.out);
        assert!(!ran.out.trim_end().ends_with('}'), "{}", ran.out);
    }
}

#[test]
fn in_a_file_every_line_of_ours_starts_on_a_line_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, options) in [&["-w", "1"][..], &["-w", "8"], &["-q"]].into_iter().enumerate() {
        let path = folder.path().join(number.to_string());
        let mut command =
            command(&flows(), &[&["-p", "broken", "noisy", "noisy_test"], options].concat());
        command.stdout(File::create(&path).expect("a file"));
        Ran::of(&mut command).exits(0);
        let text = fs::read_to_string(path).expect("the output");
        let ours = ["selected ", "running ", "PASS", "====", "==>"];
        for line in text.lines().filter(|line| ours.iter().any(|word| line.contains(word))) {
            assert!(!line.contains('{'), "{line:?} in:\n{text}");
        }
        assert_eq!(text.matches("{flushes}").count(), 2, "{text}");
    }
}
