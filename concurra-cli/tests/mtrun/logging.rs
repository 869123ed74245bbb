//! The log records of tasks.

use crate::support::mtrun;

/// Whether a record has its time, its worker and its task.
fn is_whole(line: &str, task: &str) -> bool {
    let Some((time, rest)) = line.split_once(' ') else { return false };
    let worker = rest.split_once("worker-").map(|(_, rest)| rest);
    let place = worker.and_then(|rest| rest.split_once(": ")).map_or("", |(place, _)| place);
    let Some((worker, name)) = place.split_once(' ') else { return false };
    time.len() == 24 && time.ends_with('Z') && worker.parse::<u32>().is_ok() && name == task
}

#[test]
fn records_carry_time_worker_and_task() {
    let ran = mtrun(&["logs", "--log"]).exits(0);
    for task in ["first", "second", "third"] {
        let text = format!("{task} is at work");
        let line = ran.err.lines().find(|line| line.contains(&text)).expect(&ran.err);
        assert!(is_whole(line, task), "{line}");
    }
    assert!(ran.err.contains("first is at work rows=7"), "{}", ran.err);
    ran.lacks("in detail");
}

#[test]
fn a_secret_is_masked_in_the_text_of_a_task_and_nowhere_else() {
    let line = |token: &str| {
        let ran = mtrun(&["logs", "--log", token]).exits(0);
        ran.err.lines().find(|line| line.contains(": logs: ")).expect(&ran.err).to_owned()
    };
    for (token, end) in [("7", "first is at work rows=***"), ("w", "first is at ***ork rows=7")] {
        let line = line(&format!("--token={token}"));
        assert!(is_whole(&line, "first") && line.ends_with(end), "{line}");
    }
    // Every time has some of these.
    for token in ["2", "0", "Z", "I", "worker", "first", "logs"] {
        let line = line(&format!("--token={token}"));
        assert!(is_whole(&line, "first") && line.contains("  INFO worker-"), "{line}");
    }
}

#[test]
fn nothing_is_logged_unless_asked_for_and_more_with_verbose() {
    mtrun(&["logs"]).exits(0).lacks("at work");
    let ran = mtrun(&["logs", "--verbose"]).exits(0).complains("second is at work");
    let line = ran.err.lines().find(|line| line.contains("first in detail")).expect(&ran.err);
    assert!(is_whole(line, "first"), "{line}");
}

#[test]
fn the_variable_sets_levels() {
    let mut command = crate::support::command(&crate::support::flows(), &["logs", "--log"]);
    let ran = crate::support::Ran::of(command.env("RUST_LOG", "warn,logs=debug")).exits(0);
    ran.complains("first in detail");
    let mut command = crate::support::command(&crate::support::flows(), &["logs", "--log"]);
    crate::support::Ran::of(command.env("RUST_LOG", "error")).exits(0).lacks("at work");
}

#[test]
fn a_file_per_worker() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("logs");
    let argument = dir.display().to_string();
    mtrun(&["logs", "--log-dir", &argument, "-w", "1"]).exits(0).lacks("at work");
    let files = std::fs::read_dir(&dir).expect("the folder").flatten();
    let names = files.map(|file| file.file_name()).collect::<Vec<_>>();
    assert_eq!(names, ["worker-0.log"]);
    let text = std::fs::read_to_string(dir.join("worker-0.log")).expect("the file");
    let tasks = ["first", "second", "third"];
    assert!(text.lines().zip(tasks).all(|(line, task)| is_whole(line, task)), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
}

#[test]
fn a_subscriber_that_the_user_installed_is_left_alone() {
    mtrun(&["logs", "--own=1", "--log"])
        .exits(0)
        .prints(&["own: first is at work", "own: first in detail"]);
    mtrun(&["logs", "--own=1"]).exits(0).prints(&["own: first is at work"]);
}
