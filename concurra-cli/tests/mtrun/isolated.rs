//! Tasks in processes of their own: their crashes, their output, their end.

use libc::{SIGINT, SIGTERM};

use crate::support::{Ran, Running, command, flows, is_alive, mtrun, until};

fn isolated(tags: &str, more: &[&str]) -> Ran {
    mtrun(&[&["broken/tests/isolated.rs", "--tags", tags], more].concat())
}

#[test]
fn a_crash_fails_one_task_and_the_others_go_on() {
    for (tag, task, signal) in
        [("abort", "aborts", "SIGABRT"), ("segfault", "segfaults", "SIGSEGV")]
    {
        isolated(&format!("{tag},good"), &["--isolate"])
            .exits(100)
            .ended(&format!("PASS one two, FAIL {task}"))
            .prints(&[&format!("---- FAIL {task} ----"), signal])
            .prints(&[&format!("{task} --with-deps --isolate\n"), "==== 2 passed, 1 failed in "]);
    }
}

#[test]
fn the_output_of_a_failed_task_is_shown() {
    isolated("fails,loud", &[])
        .exits(100)
        .prints(&["---- FAIL fails_loudly ----", "panicked: task: failed\n"])
        .prints(&["  stdout:\n    task: failing out\n  stderr:\n    task: failing err\n"])
        .lacks("task: loud");
    isolated("abort", &["--isolate"]).exits(100).prints(&["  stdout:\n    task: before the end\n"]);
}

#[test]
fn the_output_of_a_good_task_is_shown_on_request() {
    let wrote = "  stdout:\n    task: loud out\n  stderr:\n    task: loud err\n";
    for option in ["--show-output", "--nocapture", "--no-capture"] {
        isolated("loud", &[option]).exits(0).prints(&["] loud\n", wrote, "==== 1 passed in "]);
        isolated("loud", &[option, "-q"]).exits(0).prints(&["---- loud ----\n", wrote]);
    }
    let json = ["-Zunstable-options", "--format=json", "--show-output"];
    isolated("loud", &json).exits(0).prints(&[r#""stdout":"task: loud out\ntask: loud err\n""#]);
}

#[test]
fn long_output_goes_to_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let [logs, report] = ["logs", "report"].map(|name| folder.path().join(name));
    let options =
        [format!("--log-dir={}", logs.display()), format!("--report=json={}", report.display())];
    let file = logs.join("floods-1.stdout");
    let line = format!(" bytes are left out; the whole is in {}\n", file.display());
    isolated("floods", &["--show-output", &options[0], &options[1]])
        .exits(0)
        .prints(&["    task: 0\n", &line]);
    let whole = std::fs::read_to_string(file).expect("the whole");
    assert!(whole.lines().eq((0..200_000).map(|line| format!("task: {line}"))));
    let report = std::fs::read_to_string(report).expect("a report");
    assert!(report.len() < 3_000_000 && report.contains(line.trim_end()), "{}", report.len());
}

#[test]
fn a_signal_leaves_no_process() {
    for (signal, code) in [(SIGINT, 130), (SIGTERM, 143)] {
        let arguments = |gate: String| ["slow".to_owned(), gate, "--isolate".to_owned()];
        let mut running = Running::start(|gate| {
            let arguments = arguments(gate.argument());
            command(&flows(), &arguments.each_ref().map(String::as_str))
        });
        let process = running.gate().reached();
        assert_ne!(process, running.process());
        running.signal(signal);
        if signal == SIGINT {
            running.prints("waiting for waits; Ctrl-C again cancels them");
            running.signal(signal);
        }
        // The gate stays shut: only a signal ends the task.
        let (ended, out) = running.end();
        assert_eq!(ended, Some(code), "{out}");
        assert!(out.contains("1 passed") && out.contains("teardown ran"), "{out}");
        until(|| (!is_alive(process)).then_some(()));
    }
}
