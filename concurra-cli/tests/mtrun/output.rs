//! The forms of the output: consoles, lists, graphs, and the streams they go to.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Ran, Running, command, flows, mtrun};

#[test]
fn quiet_is_a_character_per_task() {
    let ran = mtrun(&["values", "-q", "--skip=show", "--result-number=2", "-w", "1"]).exits(0);
    let row = ran.out.lines().find(|line| line.chars().all(|c| ".FTscmi".contains(c)));
    let mut row = row.unwrap_or_default().chars().collect::<Vec<_>>();
    row.sort_unstable();
    assert_eq!(row.iter().collect::<String>(), ".......imsss", "{}", ran.out);
    mtrun(&["six", "-q"]).exits(100).prints(&["---- FAIL test_d ----", "==== 4 passed, 1 failed"]);
}

#[test]
fn colour_is_a_choice() {
    let coloured = |ran: &Ran| ran.out.contains('\u{1b}');
    let with = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = command(&flows(), &[&["hooks"], arguments].concat());
        Ran::of(command.envs(variables.iter().copied())).exits(0)
    };
    assert!(!coloured(&with(&[], &[])), "a pipe is no terminal");
    assert!(coloured(&with(&["--color", "always"], &[])));
    assert!(coloured(&with(&["--color=always"], &[("NO_COLOR", "1")])));
    assert!(coloured(&with(&[], &[("CLICOLOR_FORCE", "1")])));
    assert!(!coloured(&with(&["--color=never"], &[("CLICOLOR_FORCE", "1")])));
    assert!(!coloured(&with(&["--color=auto"], &[("NO_COLOR", "1")])));
}

#[test]
fn json_is_an_object_a_line() {
    let ran = mtrun(&["six", "-Zunstable-options", "--format", "json"]).exits(100);
    let lines = ran.out.lines().filter(|line| line.starts_with('{'));
    let lines = lines.map(|line| serde_json::from_str::<Value>(line).expect(line));
    let lines = lines.collect::<Vec<_>>();
    let failed = lines.iter().filter(|line| line["type"] == "test" && line["event"] == "failed");
    let mut failed = failed.filter_map(|line| line["name"].as_str()).collect::<Vec<_>>();
    failed.sort_unstable();
    assert_eq!(failed, ["test_d", "test_f"], "{}", ran.out);
    assert_eq!(lines.last().map(|line| &line["passed"]), Some(&Value::from(4)));
    mtrun(&["six", "--format", "json"]).exits(94).complains("-Z unstable-options");
}

#[test]
fn a_list_as_json_is_an_object_a_line() {
    let ran = mtrun(&["six", "--list", "--format", "json", "-Z", "unstable-options"]).exits(0);
    let lines = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).expect(line));
    let events = lines.map(|line| line["event"].as_str().unwrap_or_default().to_owned());
    let events = events.collect::<Vec<_>>();
    assert_eq!(events[0], "discovery");
    assert!(events[1..7].iter().all(|event| event == "discovered"), "{}", ran.out);
    assert_eq!(events[7..], ["completed"]);
    mtrun(&["six", "--list", "--format=json"]).exits(94).complains("-Z unstable-options");
}

#[test]
fn benchmarks_alone_run_no_task_and_print_so() {
    let nothing = "running 0 tasks on 2 workers\n==== 0 passed in 0.00s ====\n";
    let ran = mtrun(&["six", "--", "--bench"]).exits(0);
    assert_eq!(ran.out, format!("selected 0 of 6\n{nothing}"));
    mtrun(&["six", "hooks", "--", "--bench"]).exits(0).prints(&[
        "==> tests/six.rs\n",
        nothing,
        "==> tests/hooks.rs\n",
        nothing,
    ]);
    mtrun(&["six", "-q", "--", "--bench"]).exits(0).prints(&["==== 0 passed in "]);
    mtrun(&["six", "--bench"]).exits(94);
}

#[test]
fn output_for_programs_has_no_headings() {
    let ran = mtrun(&["six", "hooks", "--list", "--format", "terse"]).exits(0);
    assert!(ran.out.lines().all(|line| !line.starts_with("==")), "{}", ran.out);
    let ran = mtrun(&["six", "hooks", "-Zunstable-options", "--format=json"]).exits(100);
    assert!(!ran.out.contains("==>") && !ran.out.contains("===="), "{}", ran.out);
}

#[test]
fn the_graph_as_json_is_json() {
    let ran = mtrun(&["six", "--graph=json"]).exits(0);
    let graph = serde_json::from_str::<Value>(&ran.out).expect("JSON");
    assert_eq!(graph.to_string().matches("test_f").count(), ran.out.matches("test_f").count());
}

#[test]
fn lines_and_lists_go_to_stdout_and_errors_to_stderr() {
    let ran = mtrun(&["hooks"]).exits(0);
    assert!(ran.out.contains("PASS"));
    let ran = mtrun(&["layers", "--tags", "layr1"]).exits(94);
    assert_eq!(ran.out, "");
}

#[test]
fn help_and_version() {
    mtrun(&["--version"]).exits(0).prints(&[concat!("mtrun ", env!("CARGO_PKG_VERSION"), "\n")]);
    mtrun(&["-h"]).exits(0).prints(&["TARGET", "--tags", "--workers"]);
}

#[test]
fn a_line_is_at_most_50_ms_late_while_a_task_runs() {
    // On a busy machine the reader of the line may be late, but not every time.
    let is_in_time = |_| {
        let mut running = Running::start(|gate| command(&flows(), &["slow", &gate.argument()]));
        let begun = Instant::now();
        running.prints("] quick");
        let took = begun.elapsed();
        running.gate().open();
        assert_eq!(running.end().0, Some(0));
        took <= Duration::from_millis(50)
    };
    assert!((0..20).any(is_in_time));
}
